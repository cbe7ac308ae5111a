using System.Numerics;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>One bit per byte of a matrix, that tells whether it is not zero: [rows, bits].</summary>
internal sealed class BitRows
{
    private readonly int _wordsPerRow;
    private readonly ulong[] _words;

    private BitRows(int rows, int bits)
    {
        Count = rows;
        Bits = bits;
        _wordsPerRow = (bits + 63) / 64;
        _words = new ulong[(long)rows * _wordsPerRow];
    }

    public int Count { get; }

    public int Bits { get; }

    public ReadOnlySpan<ulong> this[int row] => _words.AsSpan(row * _wordsPerRow, _wordsPerRow);

    /// <param name="bytes">[rows, width]</param>
    /// <param name="width">Bytes per row.</param>
    public static BitRows Of(ReadOnlyMemory<byte> bytes, int width)
    {
        var result = new BitRows(bytes.Length / width, width);
        Parallel.For(0, result.Count, row =>
        {
            ReadOnlySpan<byte> source = bytes.Span.Slice(row * width, width);
            Span<ulong> words = result._words.AsSpan(row * result._wordsPerRow, result._wordsPerRow);
            for (int i = 0; i < width; i++)
                words[i >> 6] |= (source[i] != 0 ? 1ul : 0ul) << i;
        });
        return result;
    }

    /// <summary>Bits set in both.</summary>
    public static int Common(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        int count = 0;
        for (int i = 0; i < a.Length; i++)
            count += BitOperations.PopCount(a[i] & b[i]);
        return count;
    }
}
