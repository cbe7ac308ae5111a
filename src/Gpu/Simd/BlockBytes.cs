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

    /// <summary>Pixels that are not zero in some of four samples, by runs of <see cref="SparseColumns"/>.</summary>
    public RunLengths CountSampleColumns(int quad) => Count(_samples.Pointer + 4 * quad * _stride, _stride, _stride);

    /// <summary>Samples in which some of four pixels is not zero.</summary>
    public RunLengths CountPixelColumns(int quad) => Count(_pixels.Pointer + 4 * quad * Block.Size, Block.Size, Block.Size);

    /// <summary>Writes what <see cref="CountSampleColumns"/> counts.</summary>
    public void WriteSampleColumns(int quad, SparseColumns target) =>
        Write(_samples.Pointer + 4 * quad * _stride, _stride, _stride, target);

    /// <summary>Writes what <see cref="CountPixelColumns"/> counts.</summary>
    public void WritePixelColumns(int quad, SparseColumns target) =>
        Write(_pixels.Pointer + 4 * quad * Block.Size, Block.Size, Block.Size, target);

    public void Dispose()
    {
        _samples.Dispose();
        _pixels.Dispose();
    }

    private static RunLengths Count(byte* rows, int stride, int columns)
    {
        RunLengths lengths = default;
        for (int column = 0; column < columns; column += WordBytes)
        {
            ulong upper = NonZeroBytes(rows + column, stride), lower = NonZeroBytes(rows + column + 2 * stride, stride);
            lengths.Upper += BitOperations.PopCount(upper & ~lower);
            lengths.Lower += BitOperations.PopCount(lower & ~upper);
            lengths.Both += BitOperations.PopCount(upper & lower);
        }
        return lengths;
    }

    private static void Write(byte* rows, int stride, int columns, SparseColumns target)
    {
        SparseColumn* nextUpper = target.First, nextLower = target.EndOfUpper, nextBoth = target.EndOfLower;
        for (int column = 0; column < columns; column += WordBytes)
        {
            ulong upper = NonZeroBytes(rows + column, stride), lower = NonZeroBytes(rows + column + 2 * stride, stride);
            nextUpper = Write(upper & ~lower, rows, stride, column, nextUpper);
            nextLower = Write(lower & ~upper, rows, stride, column, nextLower);
            nextBoth = Write(upper & lower, rows, stride, column, nextBoth);
        }
    }

    /// <summary>Writes some of the columns from one on, and returns where the next ones go.</summary>
    private static SparseColumn* Write(ulong columns, byte* rows, int stride, int first, SparseColumn* target)
    {
        for (; columns != 0; columns &= columns - 1)
        {
            int at = first + BitOperations.TrailingZeroCount(columns) / 8;
            uint v0 = rows[at], v1 = rows[stride + at], v2 = rows[2 * stride + at], v3 = rows[3 * stride + at];
            *target++ = new SparseColumn(v0 | v1 << 8 | v2 << 16 | v3 << 24, (ushort)at);
        }
        return target;
    }

    /// <summary>The highest bit of each of eight columns that is not zero in one of two rows.</summary>
    private static ulong NonZeroBytes(byte* rows, int stride) => NonZeroBytes(*(ulong*)rows | *(ulong*)(rows + stride));

    /// <summary>The highest bit of each byte that is not zero.</summary>
    private static ulong NonZeroBytes(ulong word)
    {
        const ulong Low7 = 0x7F7F_7F7F_7F7F_7F7F;
        return ((word & Low7) + Low7 | word) & ~Low7;
    }

    /// <summary>Lengths of the runs of <see cref="SparseColumns"/>.</summary>
    internal record struct RunLengths(int Upper, int Lower, int Both);
}
