using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Experiments;

/// <summary>The models of one or more of the tables in arXiv:2502.02103.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Models">The models' names, in the order of the table.</param>
internal sealed record PaperExperiment(string Name, IReadOnlyList<string> Models)
{
    private static readonly string[] MainModels = ["Abs", "ReLU", "Abs2", "Abs2-Neg", "ReLU2", "ReLU2-Neg"];
    private static readonly string[] BiasModels = [.. MainModels.Select(name => $"{name}-Bias")];
    private static readonly string[] DistanceModels = ["ReLU-L2", "ReLU-L2-Neg", "Abs-L2", "Abs-L2-Neg"];

    /// <summary>
    /// All experiments: <c>main</c> is Table 2, <c>bias</c> Table 3, and <c>offset-l2</c> Table 5, in which the models of
    /// Table 2 stand beside those with OffsetL2.
    /// </summary>
    public static IReadOnlyList<PaperExperiment> All { get; } =
    [
        new("main", MainModels),
        new("bias", BiasModels),
        new("offset-l2", [.. MainModels, .. DistanceModels]),
        new("all", [.. MainModels, .. BiasModels, .. DistanceModels]),
    ];

    /// <summary>The experiment of a name, in any case.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static PaperExperiment Find(string name) =>
        All.FirstOrDefault(experiment => experiment.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException(
            $"{Settings.Experiment} {name}: expected {string.Join(", ", All.SkipLast(1).Select(e => e.Name))} or {All[^1].Name}");
}
