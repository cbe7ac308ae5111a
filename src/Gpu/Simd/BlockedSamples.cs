using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Samples for one SIMD executor: cut into batches and these into chunks and blocks, in sparse form where most bytes are zero,
/// else as they are. All but their scale is shared with other executors, see <see cref="PreparedSamples"/>.
/// </summary>
internal sealed unsafe class BlockedSamples : DeviceSamples
{
    private readonly AlignedBuffer<float> _values = new(256);
    private readonly PreparedSamples _prepared;

    /// <param name="owner">The executor that they are for.</param>
    /// <param name="source">The samples.</param>
    /// <param name="batchSize">Samples per batch.</param>
    /// <param name="allowSparse">Whether the first layer can read the sparse form.</param>
    public BlockedSamples(ExecutorContract owner, Samples source, int batchSize, bool allowSparse) : base(
        owner, source, batchSize)
    {
        for (int v = 0; v < 256; v++)
            _values.Pointer[v] = source.Scale * v;
        _prepared = PreparedSamples.Take(source, BatchSize, allowSparse);
    }

    /// <inheritdoc cref="PreparedSamples.BlockStarts"/>
    public int[] BlockStarts => _prepared.BlockStarts;

    /// <inheritdoc cref="PreparedSamples.BatchBlocks"/>
    public int[] BatchBlocks => _prepared.BatchBlocks;

    /// <inheritdoc cref="PreparedSamples.ChunkStarts"/>
    public int[] ChunkStarts => _prepared.ChunkStarts;

    /// <inheritdoc cref="PreparedSamples.BatchChunks"/>
    public int[] BatchChunks => _prepared.BatchChunks;

    /// <inheritdoc cref="PreparedSamples.Order"/>
    public int[] Order => _prepared.Order;

    /// <inheritdoc cref="PreparedSamples.Rows"/>
    public int[] Rows => _prepared.Rows;

    /// <summary>The bytes in sparse form, or null: then layers read floats that are made of them block by block.</summary>
    public SparseChunks? Sparse => _prepared.Sparse;

    /// <inheritdoc cref="PreparedSamples.NonZeros"/>
    public double NonZeros => _prepared.NonZeros;

    /// <summary>[256]: scale · v for each byte v.</summary>
    public float* Values => _values.Pointer;

    /// <summary>The shift in x = scale · v + shift.</summary>
    public float Shift => Source.Shift;

    /// <inheritdoc cref="PreparedSamples.Labels"/>
    public byte* Labels => _prepared.Labels;

    /// <summary>The classes of a block's samples.</summary>
    public byte* LabelsOf(in Block block) => Labels + block.First;

    /// <summary>Whether workers share the first layer of each chunk.</summary>
    public bool IsTrainedByChunks => Sparse is not null && BatchSize <= Chunk.LargestBatch;

    /// <summary>The chunk that holds the sample at a position, and the sample's row in it.</summary>
    public (int Chunk, int Row) PlaceOf(int position)
    {
        var (batch, row) = Math.DivRem(position, BatchSize);
        return (BatchChunks[batch] + row / _prepared.ChunkSize, row % _prepared.ChunkSize);
    }

    protected override void Free()
    {
        _values.Dispose();
        _prepared.Dispose();
    }
}
