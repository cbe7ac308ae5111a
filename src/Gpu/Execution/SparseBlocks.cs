using IlgpuDistance.Gpu.Kernels.Simd;

namespace IlgpuDistance.Gpu.Execution;

/// <summary>
/// Blocks of mostly-zero bytes in the two forms that <see cref="SparseProduct{TSimd, TVector}"/> reads: for the forward
/// pass each four samples of a block with the pixels of which one at least is not zero, for the weight gradient each four
/// pixels with the samples of which one at least is not zero.
/// </summary>
internal sealed unsafe class SparseBlocks : IDisposable
{
    /// <summary>The widest samples whose pixels a <see cref="SparseColumn"/> can number.</summary>
    public const int LargestWidth = ushort.MaxValue + 1;

    private const int QuadsPerBlock = SimdBlock.Size / 4;

    private readonly long[] _sampleStarts, _pixelStarts;
    private readonly AlignedBuffer<SparseColumn> _sampleColumns, _pixelColumns;

    /// <param name="bytes">[samples, width]</param>
    /// <param name="width">Pixels per sample, at most <see cref="LargestWidth"/>.</param>
    /// <param name="order">Which sample is at each position.</param>
    /// <param name="blockStarts">Position of each block's first sample, and the number of samples.</param>
    public SparseBlocks(ReadOnlyMemory<byte> bytes, int width, int[] order, int[] blockStarts)
    {
        int blocks = blockStarts.Length - 1;
        PixelQuads = (width + 3) / 4;
        _sampleStarts = new long[blocks * QuadsPerBlock + 1];
        _pixelStarts = new long[(long)blocks * PixelQuads + 1];

        // Calls an action with each block's samples one after the other, and how many there are.
        void ForEachBlock(BlockAction action) => Parallel.For(0, blocks, () => new byte[SimdBlock.Size * width], (block, _, rows) =>
        {
            int first = blockStarts[block], count = blockStarts[block + 1] - first;
            for (int r = 0; r < count; r++)
                bytes.Span.Slice(order[first + r] * width, width).CopyTo(rows.AsSpan(r * width));
            fixed (byte* pointer = rows)
                action(block, pointer, count);
            return rows;
        }, _ => { });

        int CollectSamples(byte* rows, int count, int quad, SparseColumn* target)
        {
            byte* Row(int r) => 4 * quad + r < count ? rows + (4 * quad + r) * width : null;
            return Collect(Row(0), Row(1), Row(2), Row(3), 1, width, target);
        }

        int CollectPixels(byte* rows, int count, int quad, SparseColumn* target)
        {
            byte* Column(int r) => 4 * quad + r < width ? rows + 4 * quad + r : null;
            return Collect(Column(0), Column(1), Column(2), Column(3), width, count, target);
        }

        // Twice through the data: first to count the columns of each quad, then, when their places are known, to write them.
        ForEachBlock((block, rows, count) =>
        {
            for (int quad = 0; 4 * quad < count; quad++)
                _sampleStarts[block * QuadsPerBlock + quad + 1] = CollectSamples(rows, count, quad, null);
            for (int quad = 0; quad < PixelQuads; quad++)
                _pixelStarts[(long)block * PixelQuads + quad + 1] = CollectPixels(rows, count, quad, null);
        });
        Accumulate(_sampleStarts);
        Accumulate(_pixelStarts);
        _sampleColumns = new AlignedBuffer<SparseColumn>((nuint)_sampleStarts[^1]);
        _pixelColumns = new AlignedBuffer<SparseColumn>((nuint)_pixelStarts[^1]);
        ForEachBlock((block, rows, count) =>
        {
            for (int quad = 0; 4 * quad < count; quad++)
                CollectSamples(rows, count, quad, SampleQuad(block, quad).First);
            for (int quad = 0; quad < PixelQuads; quad++)
                CollectPixels(rows, count, quad, PixelQuad(block, quad).First);
        });
    }

    private delegate void BlockAction(int block, byte* rows, int count);

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

    /// <summary>
    /// Counts the columns in which one of four rows is not zero and, if there is a target, writes them there, those alike in
    /// which rows are zero one after the other.
    /// </summary>
    /// <param name="row0">Row 0 of four; a null row is all zeros.</param>
    /// <param name="row1">Row 1.</param>
    /// <param name="row2">Row 2.</param>
    /// <param name="row3">Row 3.</param>
    /// <param name="step">Bytes from one column to the next.</param>
    /// <param name="count">Columns.</param>
    /// <param name="target">Where to write, or null.</param>
    private static int Collect(byte* row0, byte* row1, byte* row2, byte* row3, int step, int count, SparseColumn* target)
    {
        uint Values(int column)
        {
            nint at = (nint)column * step;
            uint v0 = row0 == null ? 0u : row0[at], v1 = row1 == null ? 0u : row1[at];
            uint v2 = row2 == null ? 0u : row2[at], v3 = row3 == null ? 0u : row3[at];
            return v0 | v1 << 8 | v2 << 16 | v3 << 24;
        }

        Span<int> next = stackalloc int[16];
        next.Clear();
        int total = 0;
        for (int column = 0; column < count; column++)
        {
            uint values = Values(column);
            if (values != 0)
            {
                total++;
                next[NonZeroRows(values)]++;
            }
        }
        if (target == null)
            return total;

        // From counts to the place of each kind's next column.
        int place = 0;
        for (int kind = 0; kind < 16; kind++)
            (next[kind], place) = (place, place + next[kind]);
        for (int column = 0; column < count; column++)
        {
            uint values = Values(column);
            if (values != 0)
                target[next[NonZeroRows(values)]++] = new SparseColumn(values, (ushort)column);
        }
        return total;
    }

    private static int NonZeroRows(uint values) =>
        ((byte)values != 0 ? 1 : 0) | ((byte)(values >> 8) != 0 ? 2 : 0) | ((byte)(values >> 16) != 0 ? 4 : 0) | (values >> 24 != 0 ? 8 : 0);
}
