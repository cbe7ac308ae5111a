using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Samples prepared for the SIMD executor: cut into batches and these into blocks, in sparse form where most bytes are
/// zero, else as they are.
/// </summary>
internal sealed unsafe class BlockedSamples : DeviceSamples
{
    /// <summary>
    /// The largest share of bytes that are not zero for which the sparse form is used. Measured on random bytes, it is twice
    /// as fast as the dense one at 0.2 and as fast at 0.9; but at 0.7 it needs three times the memory of the bytes.
    /// </summary>
    private const double SparseDensity = 0.7;

    private readonly AlignedBuffer<float> _values = new(256);
    private readonly AlignedBuffer<byte> _labels;

    /// <param name="owner">The executor that they are for.</param>
    /// <param name="source">The samples.</param>
    /// <param name="batchSize">Samples per batch.</param>
    /// <param name="allowSparse">Whether the first layer can read the sparse form.</param>
    public BlockedSamples(ExecutorContract owner, Samples source, int batchSize, bool allowSparse) : base(
        owner, source, batchSize)
    {
        (BlockStarts, BatchBlocks) = Cut(Count, BatchSize, BatchCount);
        Order = [.. Enumerable.Range(0, Count)];

        for (int v = 0; v < 256; v++)
            _values.Pointer[v] = source.Scale * v;
        if (allowSparse && source.IsBytes && source.Width <= SparseBlocks.LargestWidth)
        {
            long nonZero = source.Bytes.Length - (long)source.Bytes.Span.Count((byte)0);
            if (nonZero <= SparseDensity * source.Bytes.Length)
            {
                NonZeros = (double)nonZero / Count;
                SortBatches();
                Sparse = new SparseBlocks(source.Bytes, source.Width, Order, BlockStarts);
            }
        }
        _labels = new AlignedBuffer<byte>((nuint)Count);
        for (int n = 0; n < Count; n++)
            _labels.Pointer[n] = source.Labels.Span[Order[n]];
    }

    /// <summary>Position of each block's first sample, and behind the last the number of samples.</summary>
    public int[] BlockStarts { get; }

    /// <summary>Index of each batch's first block, and behind the last the number of blocks.</summary>
    public int[] BatchBlocks { get; }

    /// <summary>
    /// Which sample of the source is at each position. A batch's gradient is a sum, so the order within a batch is free.
    /// </summary>
    public int[] Order { get; }

    /// <summary>The bytes in sparse form, or null: then layers read floats that are made of them block by block.</summary>
    public SparseBlocks? Sparse { get; }

    /// <summary>Mean number of a sample's bytes that are not zero; known where there is a sparse form.</summary>
    public double NonZeros { get; }

    /// <summary>[256]: scale · v for each byte v.</summary>
    public float* Values => _values.Pointer;

    /// <summary>The shift in x = scale · v + shift.</summary>
    public float Shift => Source.Shift;

    /// <summary>The classes, in the order of <see cref="Order"/>: [<see cref="DeviceSamples.Count"/>]</summary>
    public byte* Labels => _labels.Pointer;

    /// <summary>The classes of a block's samples.</summary>
    public byte* LabelsOf(in Block block) => _labels.Pointer + block.First;

    protected override void Free()
    {
        _values.Dispose();
        _labels.Dispose();
        Sparse?.Dispose();
    }

    private void SortBatches()
    {
        BitRows bits = BitRows.Of(Source.Bytes, Source.Width);
        Parallel.For(0, BatchCount, batch =>
        {
            int first = batch * BatchSize;
            SimilarityOrder.Sort(bits, Order.AsMemory(first, Math.Min(BatchSize, Count - first)));
        });
    }

    private static (int[] BlockStarts, int[] BatchBlocks) Cut(int count, int batchSize, int batches)
    {
        var blockStarts = new List<int>();
        int[] batchBlocks = new int[batches + 1];
        for (int batch = 0; batch < batches; batch++)
        {
            int end = (int)Math.Min((long)(batch + 1) * batchSize, count);
            for (int first = batch * batchSize; first < end; first += Block.Size)
                blockStarts.Add(first);
            batchBlocks[batch + 1] = blockStarts.Count;
        }
        blockStarts.Add(count);
        return ([.. blockStarts], batchBlocks);
    }
}
