using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Experiments;

/// <summary>A run of an experiment as it was found in a folder, for <see cref="ExperimentMerge"/>.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Run">What its run.json says.</param>
/// <param name="IsFinished">Whether it has come to its end; its results are as the training left them.</param>
/// <param name="Epochs">Epochs that need not be trained again.</param>
internal sealed record FoundRun(string Folder, RunDescription Run, bool IsFinished, int Epochs)
{
    /// <summary>Finds the run in a folder; null where there is none, or none of its epochs has been saved.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="number">Which run it should be.</param>
    /// <param name="model">Its model.</param>
    /// <param name="experiment">Its experiment.</param>
    /// <exception cref="InputException">It is of another experiment, or a file is damaged, missing or changed.</exception>
    /// <exception cref="FolderTakenException">Another process is training it.</exception>
    public static FoundRun? Find(string folder, int number, ExperimentModel model, ExperimentDescription experiment)
    {
        // Null also where no run has begun, and an error where that cannot be told.
        if (RunFolder.Find(folder) is not { } run)
            return RunProgress.Find(folder, warn: _ => { }) is null ? null : Find(folder, number, model, experiment);
        if (run.Model != model.Network || run.Run != number)
        {
            throw new InputException(
                $"{folder}: is run {run.Run} of {run.Model}, where run {number} of {model.Network} is expected");
        }
        run.Training.CheckSame(experiment.TrainingOf(model), folder);
        if (!run.Data.IsSameAs(experiment.DataOf(model)))
            throw run.Data.Mismatch(experiment.DataOf(model), folder);
        if (!run.IsFinished)
            return RunProgress.Find(folder, warn: _ => { })?.State is { } state ? new(folder, run, false, state.Epoch) : null;
        return RunResults.Problem(folder, run) is { } problem
            ? throw new InputException($"{folder}: this run is {run.Outcome.ToString().ToLowerInvariant()}, but {problem}")
            : new(folder, run, true, run.Final!.Epoch);
    }

    /// <summary>
    /// In which file another finished training of the run has other bits, times apart; null where it has the same.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string? FirstDifference(FoundRun other)
    {
        foreach (string name in (string[])[RunFiles.Model, RunFiles.Optimizer])
        {
            if (!BytesOf(Folder, name).AsSpan().SequenceEqual(BytesOf(other.Folder, name)))
                return name;
        }
        // Of thinned metrics each row is one of the whole.
        return Run.IsThinned != other.Run.IsThinned || FiguresOf(Folder).SequenceEqual(FiguresOf(other.Folder))
            ? null
            : RunFiles.Metrics;
    }

    private static byte[] BytesOf(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? File.ReadAllBytes(path) : [];
    }

    /// <summary>The rows of the metrics without the last column, the seconds.</summary>
    private static IEnumerable<string> FiguresOf(string folder) =>
        File.ReadLines(Path.Combine(folder, RunFiles.Metrics)).Select(line => line[..Math.Max(0, line.LastIndexOf(','))]);
}
