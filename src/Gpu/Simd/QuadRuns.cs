namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Where the runs of <see cref="SparseColumns"/> lie, of groups of four rows in chunks: first lengths are set, then made places.
/// </summary>
/// <param name="chunks">Number of chunks.</param>
/// <param name="quads">Groups of four in each.</param>
internal sealed unsafe class QuadRuns(int chunks, int quads) : IDisposable
{
    private const int RunsPerQuad = 3;

    private readonly long[] _chunkStarts = new long[chunks + 1];

    // Behind the last column of each run, counted from the chunk's first; a chunk with the widest samples has 2²³ at most.
    private readonly AlignedBuffer<uint> _ends = new((nuint)chunks * (nuint)quads * RunsPerQuad, isZeroed: false);

    /// <summary>Number of all columns, when places are known.</summary>
    public long Columns => _chunkStarts[^1];

    /// <summary>Says how long the runs of a group are.</summary>
    public void SetLengths(int chunk, int quad, ChunkColumns.RunLengths lengths)
    {
        uint* runs = RunsOf(chunk, quad);
        (runs[0], runs[1], runs[2]) = ((uint)lengths.Upper, (uint)lengths.Lower, (uint)lengths.Both);
    }

    /// <summary>Puts all runs one behind the other.</summary>
    public void MakePlaces()
    {
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            uint* runs = RunsOf(chunk, 0);
            uint end = 0;
            for (int run = 0; run < quads * RunsPerQuad; run++)
                runs[run] = end += runs[run];
            _chunkStarts[chunk + 1] = _chunkStarts[chunk] + end;
        }
    }

    /// <summary>The columns of a group.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="quad">The group.</param>
    public SparseColumns Of(SparseColumn* columns, int chunk, int quad)
    {
        uint* runs = RunsOf(chunk, quad);
        columns += _chunkStarts[chunk];
        return new(columns + (quad == 0 ? 0 : runs[-1]), columns + runs[0], columns + runs[1], columns + runs[2]);
    }

    public void Dispose() => _ends.Dispose();

    private uint* RunsOf(int chunk, int quad) => _ends.Pointer + ((nint)chunk * quads + quad) * RunsPerQuad;
}
