using System.Runtime.InteropServices;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>One column of a sparse [4, n] matrix of bytes that is not zero throughout.</summary>
/// <param name="Values">The four bytes, row 0 in the lowest.</param>
/// <param name="Column">The column.</param>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal readonly record struct SparseColumn(uint Values, ushort Column);

/// <summary>A sparse [4, n] matrix of bytes.</summary>
/// <param name="first">Its first column that is not zero throughout.</param>
/// <param name="end">Behind the last one.</param>
internal readonly unsafe struct SparseColumns(SparseColumn* first, SparseColumn* end)
{
    public SparseColumn* First => first;

    public SparseColumn* End => end;

    public bool IsEmpty => first == end;
}

/// <summary>
/// The product of four sparse rows with a dense matrix, C += A B: A: [4, depth] of bytes as <see cref="SparseColumn"/>s,
/// B: [depth, columns], C: four rows of any address.
/// </summary>
/// <remarks>
/// <para>Serves both directions of the first layer. Forward: the rows are four samples, A's columns their pixels, B = W.
/// Weight gradient: the rows are four pixels, A's columns the samples of a block, B the output's gradient.</para>
/// <para>Four rows share each load of a row of B, which comes from the L2 cache (W is 400 KB), and no zero is multiplied:
/// each of the four is skipped by a branch. The columns come sorted by which of the four are zero
/// (<see cref="SparseBlocks"/>), which makes these branches predictable.</para>
/// </remarks>
internal static unsafe class SparseProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>C += A B.</summary>
    /// <param name="a">A.</param>
    /// <param name="values">[256]: what a byte stands for; values[0] is not read.</param>
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
        for (; TSimd.HasManyRegisters && left >= 4; left -= 4, n += 4 * TSimd.Count)
            Tile<Strip4<TSimd, TVector>>(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        // With 16 registers tiles of 3 vectors, unless 4 are left, which are better taken as twice 2.
        for (; left >= 3 && left != 4; left -= 3, n += 3 * TSimd.Count)
            Tile<Strip3<TSimd, TVector>>(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        for (; left >= 2; left -= 2, n += 2 * TSimd.Count)
            Tile<Strip2<TSimd, TVector>>(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        if (left > 0)
            Tile<Strip1<TSimd, TVector>>(a, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
    }

    /// <summary>Four rows of one strip.</summary>
    private static void Tile<TStrip>(
        SparseColumns a, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3)
        where TStrip : struct, IStrip<TStrip, TVector>
    {
        TStrip s0 = TStrip.Load(c0), s1 = TStrip.Load(c1), s2 = TStrip.Load(c2), s3 = TStrip.Load(c3);
        for (SparseColumn* column = a.First, end = a.End; column < end; column++)
        {
            TStrip row = TStrip.Load(b + column->Column * bRow);
            uint bytes = column->Values;
            if ((byte)bytes != 0)
                s0.MultiplyAdd(TSimd.Create(values[(byte)bytes]), row);
            if ((byte)(bytes >> 8) != 0)
                s1.MultiplyAdd(TSimd.Create(values[(byte)(bytes >> 8)]), row);
            if ((byte)(bytes >> 16) != 0)
                s2.MultiplyAdd(TSimd.Create(values[(byte)(bytes >> 16)]), row);
            if (bytes >> 24 != 0)
                s3.MultiplyAdd(TSimd.Create(values[bytes >> 24]), row);
        }
        s0.Store(c0);
        s1.Store(c1);
        s2.Store(c2);
        s3.Store(c3);
    }
}
