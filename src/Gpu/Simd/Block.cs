using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The samples that one worker takes through the whole plan at a time, so that their activations stay in cache.
/// </summary>
/// <param name="Samples">The samples that the block belongs to.</param>
/// <param name="Index">Position among their blocks.</param>
internal readonly record struct Block(BlockedSamples Samples, int Index)
{
    /// <summary>Samples per block; the last block of a batch may hold fewer.</summary>
    public const int Size = 128;

    /// <summary>
    /// Whether the gradients that it is added to have only been through <see cref="LayerBody.ClearGradients"/>, and hold nothing
    /// of another block.
    /// </summary>
    public bool BeginsGradients { get; init; }

    /// <summary>Position of the first sample.</summary>
    public int First => Samples.BlockStarts[Index];

    /// <summary>Number of samples.</summary>
    public int Rows => Samples.BlockStarts[Index + 1] - First;

    /// <summary>The rows that tiles of a product touch.</summary>
    public int PaddedRows => NetworkPlan.PaddedRows(Rows);
}
