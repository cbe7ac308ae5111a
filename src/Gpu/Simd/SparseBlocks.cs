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

    private readonly int _samples;
    private readonly QuadRuns _sampleRuns, _pixelRuns;
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
        _sampleRuns = new QuadRuns(blocks, QuadsPerBlock);
        _pixelRuns = new QuadRuns(blocks, PixelQuads);

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
                _sampleRuns.SetLengths(block, quad, columns.CountSampleColumns(quad));
            for (int quad = 0; quad < PixelQuads; quad++)
                _pixelRuns.SetLengths(block, quad, columns.CountPixelColumns(quad));
        });
        _sampleRuns.MakePlaces();
        _pixelRuns.MakePlaces();
        _sampleColumns = new AlignedBuffer<SparseColumn>((nuint)_sampleRuns.Columns, isZeroed: false);
        _pixelColumns = new AlignedBuffer<SparseColumn>((nuint)_pixelRuns.Columns, isZeroed: false);
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
    public double ForwardBytes => (double)_sampleRuns.Columns * sizeof(SparseColumn) / _samples;

    /// <summary>What the weight gradient reads of a sample, in bytes on average.</summary>
    public double BackwardBytes => (double)_pixelRuns.Columns * sizeof(SparseColumn) / _samples;

    /// <summary>Groups of four pixels: group q holds pixels 4q to 4q + 3, the last ones perhaps behind the last pixel.</summary>
    public int PixelQuads { get; }

    /// <summary>Four samples of a block: [4, pixels].</summary>
    public SparseColumns SampleQuad(int block, int quad) => _sampleRuns.Of(_sampleColumns.Pointer, block, quad);

    /// <summary>A group of four pixels in a block: [4, samples].</summary>
    public SparseColumns PixelQuad(int block, int quad) => _pixelRuns.Of(_pixelColumns.Pointer, block, quad);

    public void Dispose()
    {
        _sampleRuns.Dispose();
        _pixelRuns.Dispose();
        _sampleColumns.Dispose();
        _pixelColumns.Dispose();
    }
}
