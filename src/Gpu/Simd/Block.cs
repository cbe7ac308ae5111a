using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Consecutive samples that one worker takes through layers at a time, so that their activations stay in cache.
/// </summary>
/// <param name="Samples">The samples that the block belongs to.</param>
/// <param name="First">Position of its first sample, where the rows of a sparse form's group of four begin.</param>
/// <param name="Rows">Number of its samples, at most <see cref="Size"/>.</param>
internal readonly record struct Block(BlockedSamples Samples, int First, int Rows)
{
    /// <summary>Samples per block; the last block of a batch may hold fewer.</summary>
    public const int Size = 128;

    /// <summary>
    /// Whether the gradients that it is added to have only been through <see cref="LayerBody.ClearGradients"/>, and hold nothing
    /// of another block.
    /// </summary>
    public bool BeginsGradients { get; init; }

    /// <summary>One of the blocks into which batches are cut.</summary>
    public static Block Of(BlockedSamples samples, int index)
    {
        int first = samples.BlockStarts[index];
        return new Block(samples, first, samples.BlockStarts[index + 1] - first);
    }

    /// <summary>The rows that tiles of a product touch.</summary>
    public int PaddedRows => NetworkPlan.PaddedRows(Rows);
}
