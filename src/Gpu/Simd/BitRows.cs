using System.Numerics;
using System.Runtime.Intrinsics;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>One bit per byte of a matrix, that tells whether it is not zero: [rows, bits].</summary>
internal sealed class BitRows
{
    private const int WordBits = 64;

    private readonly ulong[] _words;

    private BitRows(int rows, int bits)
    {
        Count = rows;
        Bits = bits;
        WordsPerRow = (bits + WordBits - 1) / WordBits;
        _words = new ulong[(long)rows * WordsPerRow];
    }

    public int Count { get; }

    public int Bits { get; }

    public int WordsPerRow { get; }

    /// <summary>Number of bits that are set.</summary>
    public long Ones
    {
        get
        {
            long ones = 0;
            foreach (ulong word in _words)
                ones += BitOperations.PopCount(word);
            return ones;
        }
    }

    public ReadOnlySpan<ulong> this[int row] => _words.AsSpan(row * WordsPerRow, WordsPerRow);

    /// <param name="bytes">[rows, width]</param>
    /// <param name="width">Bytes per row.</param>
    public static BitRows Of(ReadOnlyMemory<byte> bytes, int width)
    {
        var result = new BitRows(bytes.Length / width, width);
        Parallel.For(0, result.Count, row =>
        {
            ReadOnlySpan<byte> source = bytes.Span.Slice(row * width, width);
            Span<ulong> words = result._words.AsSpan(row * result.WordsPerRow, result.WordsPerRow);
            int i = 0;
            for (; i + WordBits <= width; i += WordBits)
            {
                Vector512<byte> word = Vector512.Create(source.Slice(i, WordBits));
                words[i / WordBits] = ~Vector512.Equals(word, Vector512<byte>.Zero).ExtractMostSignificantBits();
            }
            for (; i < width; i++)
                words[i / WordBits] |= (source[i] != 0 ? 1ul : 0ul) << i;
        });
        return result;
    }

    /// <summary>Bits set in both, which have the same length.</summary>
    public static int Common(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        int count = 0;
        b = b[..a.Length];
        for (int i = 0; i < a.Length; i++)
            count += BitOperations.PopCount(a[i] & b[i]);
        return count;
    }
}
