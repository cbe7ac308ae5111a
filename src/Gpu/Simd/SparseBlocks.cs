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
    private readonly long[] _sampleStarts, _pixelStarts;
    private readonly AlignedBuffer<SparseColumn> _sampleColumns, _pixelColumns;

    /// <param name="bytes">[samples, width]</param>
    /// <param name="width">Pixels per sample, at most <see cref="LargestWidth"/>.</param>
    /// <param name="order">Which sample is at each position.</param>
    /// <param name="blockStarts">Position of each block's first sample, and the number of samples.</param>
    public SparseBlocks(ReadOnlyMemory<byte> bytes, int width, int[] order, int[] blockStarts)
    {
        int blocks = blockStarts.Length - 1;
        _samples = order.Length;
        PixelQuads = (width + 3) / 4;
        _sampleStarts = new long[blocks * QuadsPerBlock + 1];
        _pixelStarts = new long[(long)blocks * PixelQuads + 1];

        // Twice through the data: first to count the columns of each quad, then, when their places are known, to write them.
        void ForEachBlock(Action<int, BlockBytes> action) =>
            Parallel.For(0, blocks, () => new BlockBytes(width), (block, _, buffer) =>
            {
                buffer.Load(bytes.Span, order.AsSpan(blockStarts[block]..blockStarts[block + 1]));
                action(block, buffer);
                return buffer;
            }, buffer => buffer.Dispose());

        ForEachBlock((block, buffer) =>
        {
            for (int quad = 0; quad < QuadsPerBlock; quad++)
                _sampleStarts[block * QuadsPerBlock + quad + 1] = buffer.CountSampleColumns(quad);
            for (int quad = 0; quad < PixelQuads; quad++)
                _pixelStarts[(long)block * PixelQuads + quad + 1] = buffer.CountPixelColumns(quad);
        });
        Accumulate(_sampleStarts);
        Accumulate(_pixelStarts);
        _sampleColumns = new AlignedBuffer<SparseColumn>((nuint)_sampleStarts[^1]);
        _pixelColumns = new AlignedBuffer<SparseColumn>((nuint)_pixelStarts[^1]);
        ForEachBlock((block, buffer) =>
        {
            for (int quad = 0; quad < QuadsPerBlock; quad++)
                buffer.WriteSampleColumns(quad, SampleQuad(block, quad));
            for (int quad = 0; quad < PixelQuads; quad++)
                buffer.WritePixelColumns(quad, PixelQuad(block, quad));
        });
    }

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

    private static SparseColumns Slice(SparseColumn* columns, long[] starts, nint index) =>
        new(columns + starts[index], columns + starts[index + 1]);

    private static void Accumulate(long[] counts)
    {
        for (int i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
    }
}
