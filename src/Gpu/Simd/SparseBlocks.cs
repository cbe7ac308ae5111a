namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Blocks of mostly-zero bytes in the two forms that <see cref="SparseProduct{TSimd, TVector}"/> reads: for the forward
/// pass each four samples of a block with the pixels of which one at least is not zero, for the weight gradient each four
/// pixels with the samples of which one at least is not zero.
/// </summary>
internal sealed unsafe class SparseBlocks : IDisposable
{
    /// <summary>The widest samples whose pixels a <see cref="SparseColumn"/> can number.</summary>
    public const int LargestWidth = ushort.MaxValue + 1;

    private const int QuadsPerBlock = Block.Size / 4;

    /// <summary>Of <see cref="SparseColumns"/>.</summary>
    private const int RunsPerQuad = 3;

    private readonly int _samples;

    // Where the runs of each group of four begin.
    private readonly long[] _sampleStarts, _pixelStarts;
    private readonly AlignedBuffer<SparseColumn> _sampleColumns, _pixelColumns;

    /// <param name="bytes">[samples, width]</param>
    /// <param name="bits">Which of them are not zero; at most <see cref="LargestWidth"/> per sample.</param>
    /// <param name="order">Which sample is at each position.</param>
    /// <param name="blockStarts">Position of each block's first sample, and the number of samples.</param>
    public SparseBlocks(ReadOnlyMemory<byte> bytes, BitRows bits, int[] order, int[] blockStarts)
    {
        int blocks = blockStarts.Length - 1;
        _samples = order.Length;
        PixelQuads = (bits.Bits + 3) / 4;
        _sampleStarts = new long[(long)blocks * QuadsPerBlock * RunsPerQuad + 1];
        _pixelStarts = new long[(long)blocks * PixelQuads * RunsPerQuad + 1];

        // Twice through the blocks: first to count the columns of each quad, then, when their places are known, to write them.
        void ForEachBlock(Action<int, BlockColumns, int[]> action) =>
            Parallel.For(0, blocks, () => new BlockColumns(bits), (block, _, columns) =>
            {
                int[] rows = order[blockStarts[block]..blockStarts[block + 1]];
                columns.LoadBits(rows);
                action(block, columns, rows);
                return columns;
            }, columns => columns.Dispose());

        ForEachBlock((block, columns, _) =>
        {
            for (int quad = 0; quad < QuadsPerBlock; quad++)
                SetLengths(_sampleStarts, block * QuadsPerBlock + quad, columns.CountSampleColumns(quad));
            for (int quad = 0; quad < PixelQuads; quad++)
                SetLengths(_pixelStarts, (long)block * PixelQuads + quad, columns.CountPixelColumns(quad));
        });
        Accumulate(_sampleStarts);
        Accumulate(_pixelStarts);
        _sampleColumns = new AlignedBuffer<SparseColumn>((nuint)_sampleStarts[^1], isZeroed: false);
        _pixelColumns = new AlignedBuffer<SparseColumn>((nuint)_pixelStarts[^1], isZeroed: false);
        ForEachBlock((block, columns, rows) =>
        {
            columns.LoadBytes(bytes.Span, rows);
            for (int quad = 0; quad < QuadsPerBlock; quad++)
                columns.WriteSampleColumns(quad, SampleQuad(block, quad));
            for (int quad = 0; quad < PixelQuads; quad++)
                columns.WritePixelColumns(quad, PixelQuad(block, quad));
        });
    }

    /// <summary>Whether its memory is freed.</summary>
    public bool IsDisposed => _sampleColumns.IsClosed;

    /// <summary>What the forward pass reads of a sample, in bytes on average.</summary>
    public double ForwardBytes => (double)_sampleStarts[^1] * sizeof(SparseColumn) / _samples;

    /// <summary>What the weight gradient reads of a sample, in bytes on average.</summary>
    public double BackwardBytes => (double)_pixelStarts[^1] * sizeof(SparseColumn) / _samples;

    /// <summary>Groups of four pixels: group q holds pixels 4q to 4q + 3, the last ones perhaps behind the last pixel.</summary>
    public int PixelQuads { get; }

    /// <summary>Four samples of a block: [4, pixels].</summary>
    public SparseColumns SampleQuad(int block, int quad) =>
        Slice(_sampleColumns.Pointer, _sampleStarts, block * QuadsPerBlock + quad);

    /// <summary>A group of four pixels in a block: [4, samples].</summary>
    public SparseColumns PixelQuad(int block, int quad) =>
        Slice(_pixelColumns.Pointer, _pixelStarts, (nint)block * PixelQuads + quad);

    public void Dispose()
    {
        _sampleColumns.Dispose();
        _pixelColumns.Dispose();
    }

    private static SparseColumns Slice(SparseColumn* columns, long[] starts, nint quad)
    {
        nint run = quad * RunsPerQuad;
        return new(columns + starts[run], columns + starts[run + 1], columns + starts[run + 2], columns + starts[run + 3]);
    }

    /// <summary>Writes lengths where the next runs' starts will be.</summary>
    private static void SetLengths(long[] starts, long quad, BlockColumns.RunLengths lengths)
    {
        long run = quad * RunsPerQuad;
        (starts[run + 1], starts[run + 2], starts[run + 3]) = (lengths.Upper, lengths.Lower, lengths.Both);
    }

    private static void Accumulate(long[] counts)
    {
        for (int i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
    }
}
