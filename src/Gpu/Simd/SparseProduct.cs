using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>One column of a sparse [4, n] matrix of bytes that is not zero throughout.</summary>
/// <param name="Values">The four bytes, row 0 in the lowest.</param>
/// <param name="Column">The column.</param>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal readonly record struct SparseColumn(uint Values, ushort Column);

/// <summary>
/// A sparse [4, n] matrix of bytes, its columns in three runs: those that are not zero in rows 0 and 1 alone, in rows 2 and 3
/// alone, and in some of both; with the last also the others, where they are few.
/// </summary>
/// <param name="first">The first column.</param>
/// <param name="endOfUpper">Behind the columns of rows 0 and 1.</param>
/// <param name="endOfLower">Behind those of rows 2 and 3.</param>
/// <param name="end">Behind all.</param>
internal readonly unsafe struct SparseColumns(
    SparseColumn* first, SparseColumn* endOfUpper, SparseColumn* endOfLower, SparseColumn* end)
{
    public SparseColumn* First => first;

    public SparseColumn* EndOfUpper => endOfUpper;

    public SparseColumn* EndOfLower => endOfLower;

    public SparseColumn* End => end;

    public bool IsEmpty => first == end;
}

/// <summary>
/// The product of four sparse rows with a dense matrix, C += A B: A: [4, depth] of bytes as <see cref="SparseColumn"/>s,
/// B: [depth, columns], C: four rows of any address.
/// </summary>
/// <remarks>
/// <para>Serves both directions of the first layer. Forward: the rows are four samples, A's columns their pixels, B = W.
/// Weight gradient: the rows are four pixels, A's columns the samples of a chunk, B the output's gradient.</para>
/// <para>Four rows of one strip, or two rows of two strips, are in registers at a time and share each load of a row of B, which
/// comes from the L2 cache (W is 400 KB). No branch asks which of them are zero: wrongly predicted ones cost more than the
/// products with zero, which are 17 % on top of the others in MNIST with rows of like samples (<see cref="SimilarityOrder"/>) and
/// these three runs, and would be 35 % if all four rows took every column.</para>
/// <para>So where a parameter is not finite, as after a divergence, a row may become NaN for a column in which it is zero itself,
/// depending on the rows beside it. (Products of dense samples make all of them NaN.)</para>
/// </remarks>
internal static unsafe class SparseProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>C += A B.</summary>
    /// <param name="a">A.</param>
    /// <param name="values">[256]: what a byte stands for; 0 for 0.</param>
    /// <param name="b">B(k, n) is b[k · bRow + n].</param>
    /// <param name="bRow">See <paramref name="b"/>.</param>
    /// <param name="c0">Row 0 of C; the others follow.</param>
    /// <param name="c1">Row 1 of C.</param>
    /// <param name="c2">Row 2 of C.</param>
    /// <param name="c3">Row 3 of C.</param>
    /// <param name="columns">A multiple of 16.</param>
    public static void Accumulate(
        SparseColumns a, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3, int columns)
    {
        int n = 0, left = columns / TSimd.Count;
        for (; TSimd.HasManyRegisters && left >= 8; left -= 8, n += 8 * TSimd.Count)
            TwoStrips<Strip4<TSimd, TVector>>(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n, 4 * TSimd.Count);
        for (; TSimd.HasManyRegisters && left >= 4; left -= 4, n += 4 * TSimd.Count)
            OneStrip(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        // With 16 registers strips of 3 vectors.
        for (; left >= 6; left -= 6, n += 6 * TSimd.Count)
            TwoStrips<Strip3<TSimd, TVector>>(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n, 3 * TSimd.Count);
        for (; left >= 4; left -= 4, n += 4 * TSimd.Count)
            TwoStrips<Strip2<TSimd, TVector>>(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n, 2 * TSimd.Count);
        for (; left >= 2; left -= 2, n += 2 * TSimd.Count)
            FourRows<Strip2<TSimd, TVector>>(a.First, a.End, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        if (left > 0)
            FourRows<Strip1<TSimd, TVector>>(a.First, a.End, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
    }

    /// <summary>Two neighbouring strips of the given width.</summary>
    private static void TwoStrips<TStrip>(
        SparseColumns a, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3, int width)
        where TStrip : struct, IStrip<TStrip, TVector>
    {
        if (a.EndOfUpper > a.First)
            TwoRows<TStrip>(a.First, a.EndOfUpper, row: 0, values, b, bRow, c0, c1, width);
        if (a.EndOfLower > a.EndOfUpper)
            TwoRows<TStrip>(a.EndOfUpper, a.EndOfLower, row: 2, values, b, bRow, c2, c3, width);
        if (a.End == a.EndOfLower)
            return;
        FourRows<TStrip>(a.EndOfLower, a.End, values, b, bRow, c0, c1, c2, c3);
        FourRows<TStrip>(a.EndOfLower, a.End, values, b + width, bRow, c0 + width, c1 + width, c2 + width, c3 + width);
    }

    /// <summary>One strip of four vectors, which for two rows is two strips of two.</summary>
    private static void OneStrip(
        SparseColumns a, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3)
    {
        if (a.EndOfUpper > a.First)
            TwoRows<Strip2<TSimd, TVector>>(a.First, a.EndOfUpper, row: 0, values, b, bRow, c0, c1, 2 * TSimd.Count);
        if (a.EndOfLower > a.EndOfUpper)
            TwoRows<Strip2<TSimd, TVector>>(a.EndOfUpper, a.EndOfLower, row: 2, values, b, bRow, c2, c3, 2 * TSimd.Count);
        if (a.End > a.EndOfLower)
            FourRows<Strip4<TSimd, TVector>>(a.EndOfLower, a.End, values, b, bRow, c0, c1, c2, c3);
    }

    /// <summary>Two rows of two strips.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TwoRows<TStrip>(
        SparseColumn* column, SparseColumn* end, int row, float* values, float* b, nint bRow, float* c0, float* c1, int width)
        where TStrip : struct, IStrip<TStrip, TVector>
    {
        TStrip s0 = default, s1 = default, t0 = default, t1 = default;
        for (; column < end; column++)
        {
            float* source = b + column->Column * bRow;
            uint bytes = column->Values >> 8 * row;
            TVector x0 = TSimd.Create(values[(byte)bytes]), x1 = TSimd.Create(values[(byte)(bytes >> 8)]);
            TStrip shared = TStrip.Load(source);
            s0.MultiplyAdd(x0, shared);
            s1.MultiplyAdd(x1, shared);
            shared = TStrip.Load(source + width);
            t0.MultiplyAdd(x0, shared);
            t1.MultiplyAdd(x1, shared);
        }
        s0.AddTo(c0);
        s1.AddTo(c1);
        t0.AddTo(c0 + width);
        t1.AddTo(c1 + width);
    }

    /// <summary>Four rows of one strip.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FourRows<TStrip>(
        SparseColumn* column, SparseColumn* end, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3)
        where TStrip : struct, IStrip<TStrip, TVector>
    {
        TStrip s0 = default, s1 = default, s2 = default, s3 = default;
        for (; column < end; column++)
        {
            TStrip shared = TStrip.Load(b + column->Column * bRow);
            uint bytes = column->Values;
            s0.MultiplyAdd(TSimd.Create(values[(byte)bytes]), shared);
            s1.MultiplyAdd(TSimd.Create(values[(byte)(bytes >> 8)]), shared);
            s2.MultiplyAdd(TSimd.Create(values[(byte)(bytes >> 16)]), shared);
            s3.MultiplyAdd(TSimd.Create(values[bytes >> 24]), shared);
        }
        s0.AddTo(c0);
        s1.AddTo(c1);
        s2.AddTo(c2);
        s3.AddTo(c3);
    }
}
