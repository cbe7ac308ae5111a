using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Runs;

/// <summary>The files of a run, by name.</summary>
internal static class RunFiles
{
    public const string Description = "run.json";
    public const string Metrics = "metrics.csv";
    public const string Model = "model.safetensors";
    public const string Optimizer = "optimizer.safetensors";
    public const string Picture = "learning-curve.png";
    public const string Checkpoint = "checkpoint";
    public const string PreviousCheckpoint = "checkpoint.previous";

    /// <summary>The last two checkpoints, the newest first.</summary>
    public static IReadOnlyList<string> Checkpoints { get; } = [Checkpoint, PreviousCheckpoint];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Description, Metrics, Metrics + MetricsFile.PartialSuffix, Model, Optimizer, Picture, .. Checkpoints];

    /// <summary>What lies in a folder only while its run goes on.</summary>
    public static IReadOnlyList<string> Passing { get; } = [Metrics + MetricsFile.PartialSuffix, .. Checkpoints];

    /// <summary>The first of them that a folder holds; null where it holds none.</summary>
    public static string? FirstIn(string folder) => All.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>The file of a model, and what belongs to the run that left it, if one did.</summary>
    public static IEnumerable<string> Around(string model)
    {
        string folder = Path.GetDirectoryName(model) ?? "";
        return File.Exists(Path.Combine(folder, Description))
            ? All.Select(name => Path.Combine(folder, name)).Append(model)
            : [model];
    }

    /// <summary>Whether a folder holds anything that the end of its run would have removed.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool HasRemains(string folder) =>
        Passing.Any(name => File.Exists(Path.Combine(folder, name))) ||
        AtomicFile.Remains(folder, All).Any();

    /// <summary>Removes what writes whose process was killed have left in a folder.</summary>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    public static void DeleteRemains(string folder) => AtomicFile.DeleteRemains(folder, All);
}
