namespace IlgpuDistance.Bench.Epochs;

/// <summary>What was measured for one line of the table.</summary>
/// <param name="Case">The line.</param>
/// <param name="Ours">Epochs of this program.</param>
/// <param name="Theirs">Epochs of LibTorch; null where it cannot be loaded.</param>
/// <param name="UsefulFlops">Operations of an epoch, without the products with pixels that are zero.</param>
/// <param name="DenseFlops">The same with them, which is what LibTorch computes.</param>
internal sealed record EpochResult(EpochCase Case, Timings Ours, Timings? Theirs, double UsefulFlops, double DenseFlops);
