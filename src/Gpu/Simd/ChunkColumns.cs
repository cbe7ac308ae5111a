using System.Numerics;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The search in one chunk, [samples, pixels], and in its transpose for columns that are not zero in some of four rows. Bits
/// tell where bytes are not zero, so that the bytes themselves are read only where columns are written. Zeros stand for
/// samples and pixels that are missing.
/// </summary>
internal sealed unsafe class ChunkColumns : IDisposable
{
    /// <summary>Shorter runs of two rows become part of that of all four.</summary>
    public const int ShortestRun = 6;

    private const int WordBits = 64;

    private readonly BitRows _bits;
    private readonly int _words, _stride, _sampleWords;

    // Which bytes are not zero: [samples, words of pixels] and [pixels, words of samples].
    private readonly AlignedBuffer<ulong> _sampleBits, _pixelBits;

    // [samples, stride]
    private readonly AlignedBuffer<byte> _bytes;

    /// <param name="bits">Which bytes of all samples are not zero.</param>
    /// <param name="samples">The largest number of samples in a chunk.</param>
    public ChunkColumns(BitRows bits, int samples)
    {
        _bits = bits;
        _words = bits.WordsPerRow;
        _stride = _words * WordBits;
        _sampleWords = (samples + WordBits - 1) / WordBits;
        int rows = _sampleWords * WordBits;
        _sampleBits = new AlignedBuffer<ulong>((nuint)(rows * _words));
        _pixelBits = new AlignedBuffer<ulong>((nuint)(_stride * _sampleWords));
        _bytes = new AlignedBuffer<byte>((nuint)(rows * _stride));
    }

    /// <summary>Takes the bits of a chunk.</summary>
    /// <param name="rows">The chunk's samples.</param>
    public void LoadBits(ReadOnlySpan<int> rows)
    {
        for (int r = 0; r < rows.Length; r++)
            _bits[rows[r]].CopyTo(new Span<ulong>(_sampleBits.Pointer + r * _words, _words));
        _sampleBits.Span[(rows.Length * _words)..].Clear();

        ulong* square = stackalloc ulong[WordBits];
        for (int w = 0; w < _words; w++)
        {
            for (int part = 0; part < _sampleWords; part++)
            {
                for (int i = 0; i < WordBits; i++)
                    square[i] = _sampleBits.Pointer[(WordBits * part + i) * _words + w];
                Transpose(square);
                for (int i = 0; i < WordBits; i++)
                    _pixelBits.Pointer[(WordBits * w + i) * _sampleWords + part] = square[i];
            }
        }
    }

    /// <summary>Takes the bytes of a chunk whose bits are loaded.</summary>
    /// <param name="bytes">All samples: [samples, width]</param>
    /// <param name="rows">The chunk's samples.</param>
    public void LoadBytes(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> rows)
    {
        int width = _bits.Bits;
        for (int r = 0; r < rows.Length; r++)
            bytes.Slice(rows[r] * width, width).CopyTo(new Span<byte>(_bytes.Pointer + r * _stride, width));
        _bytes.Span[(rows.Length * _stride)..].Clear();
    }

    /// <summary>Pixels that are not zero in some of four samples, by runs of <see cref="SparseColumns"/>.</summary>
    public RunLengths CountSampleColumns(int quad) => Count(_sampleBits.Pointer + 4 * quad * _words, _words);

    /// <summary>Samples in which some of four pixels is not zero.</summary>
    public RunLengths CountPixelColumns(int quad) => Count(_pixelBits.Pointer + 4 * quad * _sampleWords, _sampleWords);

    /// <summary>Writes what <see cref="CountSampleColumns"/> counts.</summary>
    public void WriteSampleColumns(int quad, SparseColumns target) => Write(
        _sampleBits.Pointer + 4 * quad * _words, _words, _bytes.Pointer + 4 * quad * _stride, rowStep: _stride, columnStep: 1,
        target);

    /// <summary>Writes what <see cref="CountPixelColumns"/> counts.</summary>
    public void WritePixelColumns(int quad, SparseColumns target) => Write(
        _pixelBits.Pointer + 4 * quad * _sampleWords, _sampleWords, _bytes.Pointer + 4 * quad, rowStep: 1, columnStep: _stride,
        target);

    public void Dispose()
    {
        _sampleBits.Dispose();
        _pixelBits.Dispose();
        _bytes.Dispose();
    }

    private static RunLengths Count(ulong* rows, int words)
    {
        RunLengths lengths = default;
        for (int w = 0; w < words; w++, rows++)
        {
            ulong upper = rows[0] | rows[words], lower = rows[2 * words] | rows[3 * words];
            lengths.Upper += BitOperations.PopCount(upper & ~lower);
            lengths.Lower += BitOperations.PopCount(lower & ~upper);
            lengths.Both += BitOperations.PopCount(upper & lower);
        }
        // The end of a run takes as long as some columns more in the last one.
        if (lengths.Upper < ShortestRun)
            (lengths.Upper, lengths.Both) = (0, lengths.Both + lengths.Upper);
        if (lengths.Lower < ShortestRun)
            (lengths.Lower, lengths.Both) = (0, lengths.Both + lengths.Lower);
        return lengths;
    }

    /// <summary>Writes the columns of four rows.</summary>
    /// <param name="rows">Their bits: [4, words]</param>
    /// <param name="words">Words per row.</param>
    /// <param name="bytes">The byte in row r and column c is bytes[r · rowStep + c · columnStep].</param>
    /// <param name="rowStep">See <paramref name="bytes"/>.</param>
    /// <param name="columnStep">See <paramref name="bytes"/>.</param>
    /// <param name="target">Where they go.</param>
    private static void Write(ulong* rows, int words, byte* bytes, nint rowStep, nint columnStep, SparseColumns target)
    {
        SparseColumn* nextUpper = target.First, nextLower = target.EndOfUpper, nextBoth = target.EndOfLower;
        ulong inUpper = nextUpper < target.EndOfUpper ? ~0UL : 0, inLower = nextLower < target.EndOfLower ? ~0UL : 0;
        for (int w = 0; w < words; w++, rows++)
        {
            ulong upper = rows[0] | rows[words], lower = rows[2 * words] | rows[3 * words];
            ulong onlyUpper = upper & ~lower & inUpper, onlyLower = lower & ~upper & inLower;
            nextUpper = Write(onlyUpper, WordBits * w, bytes, rowStep, columnStep, nextUpper);
            nextLower = Write(onlyLower, WordBits * w, bytes, rowStep, columnStep, nextLower);
            nextBoth = Write((upper | lower) & ~onlyUpper & ~onlyLower, WordBits * w, bytes, rowStep, columnStep, nextBoth);
        }
    }

    /// <summary>Writes some of the columns from one on, and returns where the next ones go.</summary>
    private static SparseColumn* Write(
        ulong columns, int first, byte* bytes, nint rowStep, nint columnStep, SparseColumn* target)
    {
        for (; columns != 0; columns &= columns - 1)
        {
            int at = first + BitOperations.TrailingZeroCount(columns);
            byte* column = bytes + at * columnStep;
            uint v0 = column[0], v1 = column[rowStep], v2 = column[2 * rowStep], v3 = column[3 * rowStep];
            *target++ = new SparseColumn(v0 | v1 << 8 | v2 << 16 | v3 << 24, (ushort)at);
        }
        return target;
    }

    /// <summary>Exchanges rows and columns of 64 × 64 bits: bit c of word r, and bit r of word c.</summary>
    private static void Transpose(ulong* square)
    {
        // Exchanges the two quarters off the diagonal, then the same within each quarter, and so on.
        ulong lowHalves = uint.MaxValue;
        for (int size = WordBits / 2; size > 0; size /= 2, lowHalves ^= lowHalves << size)
        {
            for (int r = 0; r < WordBits; r = (r + size + 1) & ~size)
            {
                ulong differences = (square[r] >> size ^ square[r + size]) & lowHalves;
                square[r] ^= differences << size;
                square[r + size] ^= differences;
            }
        }
    }

    /// <summary>Lengths of the runs of <see cref="SparseColumns"/>.</summary>
    internal record struct RunLengths(int Upper, int Lower, int Both);
}
