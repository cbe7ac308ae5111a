using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Experiments;

/// <summary>The size of an experiment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Runs">Trainings per model.</param>
/// <param name="Epochs">Epochs of each training.</param>
internal sealed record Preset(string Name, int Runs, int Epochs)
{
    /// <summary>All presets: the paper's two protocols, and one that takes minutes.</summary>
    public static IReadOnlyList<Preset> All { get; } =
        [new("paper", 20, 5_000), new("paper-50k", 20, 50_000), new("quick", 3, 500)];

    /// <summary>The preset of a name, in any case.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static Preset Find(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException(
            $"{Settings.Preset} {name}: expected {string.Join(", ", All.SkipLast(1).Select(p => p.Name))} or {All[^1].Name}");
}
