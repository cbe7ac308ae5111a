using System.Security.Cryptography;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Runs;

/// <summary>The results that a training has left in a folder, compared with what run.json says of them.</summary>
internal static class RunResults
{
    /// <summary>
    /// Reads a saved model. One that lies beside the run.json of its training, or to which a link leads that lies elsewhere, must
    /// be the one that the training saved.
    /// </summary>
    /// <param name="path">The model's file.</param>
    /// <param name="tell">Told that run.json does not say which model was saved; see also <see cref="SavedModel.Load"/>.</param>
    /// <exception cref="InputException">The file is missing or damaged, or was changed since.</exception>
    public static SavedModel LoadModel(string path, Action<string>? tell = null)
    {
        string model = File.Exists(path) ? Links.Target(path) : path;
        string folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        if (Path.GetFileName(model) == RunFiles.Model && File.Exists(model) && RunFolder.Find(folder) is { } run)
        {
            if (ModelChange(folder, run) is { } problem)
            {
                throw new InputException(
                    $"{folder}: {problem}; put that one back, or move this one to a folder of its own to use it as it is");
            }
            if (run.Sha256?.ContainsKey(RunFiles.Model) != true)
            {
                tell?.Invoke(
                    $"{folder}: {RunFiles.Description} has no SHA-256 of {RunFiles.Model}: " +
                    "nothing tells whether it is the one that the training saved");
            }
        }
        return SavedModel.Load(path, tell);
    }

    /// <summary>What is wrong with the results of a training that is not going on, in words; null where nothing is.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="run">What its run.json says.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal static string? Problem(string folder, RunDescription run)
    {
        string[] results = [RunFiles.Metrics, RunFiles.Model, RunFiles.Optimizer];
        string[] expected = run.Sha256 is not null ? [.. results.Where(run.Sha256.ContainsKey)]
            : run.Outcome != TrainingOutcome.Diverged ? results[..2]
            : results[..1];
        if (expected.FirstOrDefault(name => !File.Exists(Path.Combine(folder, name))) is { } missing)
            return $"{missing} is missing";
        return run.Sha256 is not null
            ? Change(folder, run)
            : MetricsText.RowProblem(File.ReadAllBytes(Path.Combine(folder, RunFiles.Metrics)), run.Final!.Epoch);
    }

    /// <summary>What result is there but not as the training left it, in words; null where none is known to be.</summary>
    /// <inheritdoc cref="Problem"/>
    internal static string? Change(string folder, RunDescription run)
    {
        try
        {
            string metrics = Path.Combine(folder, RunFiles.Metrics);
            return run.Sha256?.GetValueOrDefault(RunFiles.Metrics) is { } sha256 && File.Exists(metrics)
                && !MetricsText.Is(sha256, File.ReadAllBytes(metrics))
                ? $"{RunFiles.Metrics} was changed since (its SHA-256 is not {Start(sha256)}…)"
                : ModelChange(folder, run) ?? FileChange(folder, run, RunFiles.Optimizer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"a file cannot be read: {error.Message}";
        }
    }

    /// <summary>
    /// Where a training with these results goes on; null where it diverged, or is of a version that kept no sums of its files.
    /// </summary>
    /// <param name="folder">The run's folder, in which <see cref="Problem"/> finds nothing.</param>
    /// <param name="run">What its run.json says.</param>
    /// <exception cref="InputException">The model cannot be read.</exception>
    internal static TrainingState? FindState(string folder, RunDescription run)
    {
        if (run.Sha256 is null || run.Outcome == TrainingOutcome.Diverged)
            return null;
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse(run.Model), run.Data.Inputs, run.Data.Classes);
        float[] parameters = SavedModel.Load(Path.Combine(folder, RunFiles.Model)).ParametersFor(plan);
        Optimizer optimizer = run.Training.Options.Optimizer;
        OptimizerState? kept = optimizer.State.Count == 0 || !run.Sha256.ContainsKey(RunFiles.Optimizer)
            ? null
            : SavedOptimizer.Load(Path.Combine(folder, RunFiles.Optimizer), plan, optimizer);
        return new TrainingState(run.Final!.Epoch, parameters, run.Seconds, run.Final, kept);
    }

    private static string? ModelChange(string folder, RunDescription run) => FileChange(folder, run, RunFiles.Model);

    private static string? FileChange(string folder, RunDescription run, string name)
    {
        string file = Path.Combine(folder, name);
        return run.Sha256?.GetValueOrDefault(name) is { } sha256 && File.Exists(file) && Sha256Of(file) != sha256
            ? $"{name} is not the one that the training saved (its SHA-256 is not {Start(sha256)}…)"
            : null;
    }

    private static string Start(string sha256) => sha256[..Math.Min(8, sha256.Length)];

    /// <summary>The SHA-256 of a file, or of a network of the zoo, in hexadecimal.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Sha256Of(string path)
    {
        using Stream file = ModelZoo.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
