using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Consecutive samples of a batch that all workers treat together: where the first layer is sparse, each computes some of its
/// columns for all of them.
/// </summary>
/// <param name="samples">The samples that the chunk belongs to.</param>
/// <param name="batch">The batch that it is cut from.</param>
/// <param name="index">Position among the chunks of all batches.</param>
internal readonly struct Chunk(BlockedSamples samples, int batch, int index)
{
    /// <summary>
    /// Samples per chunk; the last chunk of a batch may hold fewer. So many that workers seldom wait for each other and sparse
    /// runs are long, so few that a panel of the first layer's output stays in L2.
    /// </summary>
    public const int Size = 512;

    /// <summary>
    /// Batches of more samples are trained block by block: W and a portion's gradient are then used often before they travel from
    /// core to core, and workers wait for each other only at the end.
    /// </summary>
    public const int LargestBatch = 2 * Size;

    /// <summary>The samples that the chunk belongs to.</summary>
    public BlockedSamples Samples => samples;

    /// <summary>The batch that it is cut from.</summary>
    public int Batch => batch;

    /// <summary>Position among the chunks of all batches.</summary>
    public int Index => index;

    /// <summary>Position of the first sample.</summary>
    public int First => samples.ChunkStarts[index];

    /// <summary>Number of samples.</summary>
    public int Rows => samples.ChunkStarts[index + 1] - First;

    /// <summary>The rows that tiles of a product touch.</summary>
    public int PaddedRows => NetworkPlan.PaddedRows(Rows);

    /// <summary>Whether it is the first chunk of its batch: there are no sums yet.</summary>
    public bool BeginsBatch => index == samples.BatchChunks[batch];

    /// <summary>Whether it is the last chunk of its batch: the sums are complete behind it.</summary>
    public bool EndsBatch => index == samples.BatchChunks[batch + 1] - 1;

    /// <summary>The rows of one of several pieces, all but the last a multiple of the tallest tile.</summary>
    public (int First, int End) Piece(int piece, int pieces)
    {
        var (first, end) = Partition.Of(PaddedRows / NetworkPlan.TileRows, piece, pieces);
        return (first * NetworkPlan.TileRows, Math.Min(end * NetworkPlan.TileRows, Rows));
    }
}
