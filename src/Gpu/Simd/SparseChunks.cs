using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Chunks of mostly-zero bytes in the two forms that <see cref="SparseProduct{TSimd, TVector}"/> reads: for the forward
/// pass each four samples of a chunk with the pixels of which one at least is not zero, for the weight gradient each four
/// pixels with the samples of which one at least is not zero.
/// </summary>
internal sealed unsafe class SparseChunks : IDisposable
{
    /// <summary>The widest samples whose pixels a <see cref="SparseColumn"/> can number.</summary>
    public const int LargestWidth = ushort.MaxValue + 1;

    private readonly int _samples, _sampleQuads;
    private readonly QuadRuns _sampleRuns, _pixelRuns;
    private readonly AlignedBuffer<SparseColumn> _sampleColumns, _pixelColumns;

    /// <param name="bytes">[samples, width]</param>
    /// <param name="bits">Which of them are not zero; at most <see cref="LargestWidth"/> per sample.</param>
    /// <param name="order">Which sample is at each position.</param>
    /// <param name="chunkStarts">Position of each chunk's first sample, and the number of samples.</param>
    public SparseChunks(ReadOnlyMemory<byte> bytes, BitRows bits, int[] order, int[] chunkStarts)
    {
        int chunks = chunkStarts.Length - 1;
        _samples = order.Length;
        PixelQuads = (bits.Bits + 3) / 4;
        int largest = Enumerable.Range(0, chunks).Max(chunk => chunkStarts[chunk + 1] - chunkStarts[chunk]);
        _sampleQuads = NetworkPlan.PaddedRows(largest) / 4;
        _sampleRuns = new QuadRuns(chunks, _sampleQuads);
        _pixelRuns = new QuadRuns(chunks, PixelQuads);

        // Twice through the chunks: first to count the columns of each quad, then, when their places are known, to write them.
        void ForEachChunk(Action<int, ChunkColumns, int[]> action) =>
            Parallel.For(0, chunks, () => new ChunkColumns(bits, largest), (chunk, _, columns) =>
            {
                int[] rows = order[chunkStarts[chunk]..chunkStarts[chunk + 1]];
                columns.LoadBits(rows);
                action(chunk, columns, rows);
                return columns;
            }, columns => columns.Dispose());

        ForEachChunk((chunk, columns, _) =>
        {
            for (int quad = 0; quad < _sampleQuads; quad++)
                _sampleRuns.SetLengths(chunk, quad, columns.CountSampleColumns(quad));
            for (int quad = 0; quad < PixelQuads; quad++)
                _pixelRuns.SetLengths(chunk, quad, columns.CountPixelColumns(quad));
        });
        _sampleRuns.MakePlaces();
        _pixelRuns.MakePlaces();
        _sampleColumns = new AlignedBuffer<SparseColumn>((nuint)_sampleRuns.Columns, isZeroed: false);
        _pixelColumns = new AlignedBuffer<SparseColumn>((nuint)_pixelRuns.Columns, isZeroed: false);
        ForEachChunk((chunk, columns, rows) =>
        {
            columns.LoadBytes(bytes.Span, rows);
            for (int quad = 0; quad < _sampleQuads; quad++)
                columns.WriteSampleColumns(quad, SampleQuad(chunk, quad));
            for (int quad = 0; quad < PixelQuads; quad++)
                columns.WritePixelColumns(quad, PixelQuad(chunk, quad));
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

    /// <summary>Four samples of a chunk: [4, pixels].</summary>
    public SparseColumns SampleQuad(int chunk, int quad) => _sampleRuns.Of(_sampleColumns.Pointer, chunk, quad);

    /// <summary>A group of four pixels in a chunk: [4, samples].</summary>
    public SparseColumns PixelQuad(int chunk, int quad) => _pixelRuns.Of(_pixelColumns.Pointer, chunk, quad);

    public void Dispose()
    {
        _sampleRuns.Dispose();
        _pixelRuns.Dispose();
        _sampleColumns.Dispose();
        _pixelColumns.Dispose();
    }
}
