using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Data;

/// <summary>The data set that a request led to.</summary>
/// <param name="Dataset">The data.</param>
/// <param name="Source">One sentence on what it is and where it came from.</param>
/// <param name="Warnings">What the user should know, e.g. that this is not MNIST and why; one sentence each.</param>
internal sealed record ResolvedDataset(Dataset Dataset, string Source, IReadOnlyList<Wording> Warnings);
