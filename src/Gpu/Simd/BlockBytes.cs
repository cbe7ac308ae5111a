using System.Numerics;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The bytes of one block's samples, [samples, pixels] and transposed, and the search in both for columns that are not zero
/// in some of four rows. Zeros pad rows to whole words, and stand for samples and pixels that are missing.
/// </summary>
internal sealed unsafe class BlockBytes : IDisposable
{
    private const int WordBytes = sizeof(ulong);

    private readonly int _width, _stride;
    private readonly AlignedBuffer<byte> _samples, _pixels;

    /// <param name="width">Pixels per sample.</param>
    public BlockBytes(int width)
    {
        _width = width;
        _stride = (width + WordBytes - 1) / WordBytes * WordBytes;
        _samples = new AlignedBuffer<byte>((nuint)(Block.Size * _stride));
        _pixels = new AlignedBuffer<byte>((nuint)(_stride * Block.Size));
    }

    /// <summary>Takes the bytes of a block.</summary>
    /// <param name="bytes">[samples, width]</param>
    /// <param name="rows">The block's samples, at most <see cref="Block.Size"/>.</param>
    public void Load(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> rows)
    {
        _samples.Span.Clear();
        _pixels.Span.Clear();
        for (int r = 0; r < rows.Length; r++)
        {
            byte* sample = _samples.Pointer + r * _stride;
            bytes.Slice(rows[r] * _width, _width).CopyTo(new Span<byte>(sample, _width));
            for (int first = 0; first < _stride; first += WordBytes)
            {
                for (ulong left = NonZeroBytes(*(ulong*)(sample + first)); left != 0; left &= left - 1)
                {
                    int i = first + BitOperations.TrailingZeroCount(left) / 8;
                    _pixels.Pointer[i * Block.Size + r] = sample[i];
                }
            }
        }
    }

    /// <summary>Pixels that are not zero in some of four samples.</summary>
    public int CountSampleColumns(int quad) => Count(_samples.Pointer + 4 * quad * _stride, _stride, _stride);

    /// <summary>Samples in which some of four pixels is not zero.</summary>
    public int CountPixelColumns(int quad) => Count(_pixels.Pointer + 4 * quad * Block.Size, Block.Size, Block.Size);

    /// <summary>Writes what <see cref="CountSampleColumns"/> counts.</summary>
    public void WriteSampleColumns(int quad, SparseColumns target) =>
        Write(_samples.Pointer + 4 * quad * _stride, _stride, _stride, target.First);

    /// <summary>Writes what <see cref="CountPixelColumns"/> counts.</summary>
    public void WritePixelColumns(int quad, SparseColumns target) =>
        Write(_pixels.Pointer + 4 * quad * Block.Size, Block.Size, Block.Size, target.First);

    public void Dispose()
    {
        _samples.Dispose();
        _pixels.Dispose();
    }

    private static int Count(byte* rows, int stride, int columns)
    {
        int count = 0;
        for (int column = 0; column < columns; column += WordBytes)
            count += BitOperations.PopCount(NonZeroBytes(Union(rows + column, stride)));
        return count;
    }

    /// <summary>Writes the columns, those alike in which rows are zero one after the other.</summary>
    private static void Write(byte* rows, int stride, int columns, SparseColumn* target)
    {
        Span<int> next = stackalloc int[16];
        for (int pass = 0; pass < 2; pass++)
        {
            for (int column = 0; column < columns; column += WordBytes)
            {
                for (ulong left = NonZeroBytes(Union(rows + column, stride)); left != 0; left &= left - 1)
                {
                    int at = column + BitOperations.TrailingZeroCount(left) / 8;
                    uint v0 = rows[at], v1 = rows[stride + at], v2 = rows[2 * stride + at], v3 = rows[3 * stride + at];
                    int kind = (v0 != 0 ? 1 : 0) | (v1 != 0 ? 2 : 0) | (v2 != 0 ? 4 : 0) | (v3 != 0 ? 8 : 0);
                    if (pass == 1)
                        target[next[kind]] = new SparseColumn(v0 | v1 << 8 | v2 << 16 | v3 << 24, (ushort)at);
                    next[kind]++;
                }
            }
            // After the first pass, from counts to the place of each kind's next column.
            int place = 0;
            for (int kind = 0; pass == 0 && kind < 16; kind++)
                (next[kind], place) = (place, place + next[kind]);
        }
    }

    private static ulong Union(byte* rows, int stride) =>
        *(ulong*)rows | *(ulong*)(rows + stride) | *(ulong*)(rows + 2 * stride) | *(ulong*)(rows + 3 * stride);

    /// <summary>The highest bit of each byte that is not zero.</summary>
    private static ulong NonZeroBytes(ulong word)
    {
        const ulong Low7 = 0x7F7F_7F7F_7F7F_7F7F;
        return ((word & Low7) + Low7 | word) & ~Low7;
    }
}
