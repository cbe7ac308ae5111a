namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Where the runs of <see cref="SparseColumns"/> lie, of groups of four rows in blocks: first lengths are set, then made places.
/// </summary>
/// <param name="blocks">Number of blocks.</param>
/// <param name="quads">Groups of four in each.</param>
internal sealed unsafe class QuadRuns(int blocks, int quads) : IDisposable
{
    private const int RunsPerQuad = 3;

    private readonly long[] _blockStarts = new long[blocks + 1];

    // Behind the last column of each run, counted from the block's first; a block with the widest samples has 2²¹ at most.
    private readonly AlignedBuffer<uint> _ends = new((nuint)blocks * (nuint)quads * RunsPerQuad, isZeroed: false);

    /// <summary>Number of all columns, when places are known.</summary>
    public long Columns => _blockStarts[^1];

    /// <summary>Says how long the runs of a group are.</summary>
    public void SetLengths(int block, int quad, BlockColumns.RunLengths lengths)
    {
        uint* runs = RunsOf(block, quad);
        (runs[0], runs[1], runs[2]) = ((uint)lengths.Upper, (uint)lengths.Lower, (uint)lengths.Both);
    }

    /// <summary>Puts all runs one behind the other.</summary>
    public void MakePlaces()
    {
        for (int block = 0; block < blocks; block++)
        {
            uint* runs = RunsOf(block, 0);
            uint end = 0;
            for (int run = 0; run < quads * RunsPerQuad; run++)
                runs[run] = end += runs[run];
            _blockStarts[block + 1] = _blockStarts[block] + end;
        }
    }

    /// <summary>The columns of a group.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="block">The block.</param>
    /// <param name="quad">The group.</param>
    public SparseColumns Of(SparseColumn* columns, int block, int quad)
    {
        uint* runs = RunsOf(block, quad);
        columns += _blockStarts[block];
        return new(columns + (quad == 0 ? 0 : runs[-1]), columns + runs[0], columns + runs[1], columns + runs[2]);
    }

    public void Dispose() => _ends.Dispose();

    private uint* RunsOf(int block, int quad) => _ends.Pointer + ((nint)block * quads + quad) * RunsPerQuad;
}
