using System.Runtime.InteropServices;

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
        int n = 0, v = TSimd.Count, left = columns / v;
        for (; TSimd.HasManyRegisters && left >= 4; left -= 4, n += 4 * v)
            Tile4(a.First, a.End, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        // With 16 registers tiles of 3 vectors, unless 4 are left, which are better taken as twice 2.
        for (; left >= 3 && left != 4; left -= 3, n += 3 * v)
            Tile3(a.First, a.End, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        for (; left >= 2; left -= 2, n += 2 * v)
            Tile2(a.First, a.End, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
        if (left > 0)
            Tile1(a.First, a.End, values, b + n, bRow, c0 + n, c1 + n, c2 + n, c3 + n);
    }

    private static void Tile4(
        SparseColumn* column, SparseColumn* end, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3)
    {
        int v = TSimd.Count;
        TVector c00 = TSimd.Load(c0), c01 = TSimd.Load(c0 + v), c02 = TSimd.Load(c0 + 2 * v), c03 = TSimd.Load(c0 + 3 * v);
        TVector c10 = TSimd.Load(c1), c11 = TSimd.Load(c1 + v), c12 = TSimd.Load(c1 + 2 * v), c13 = TSimd.Load(c1 + 3 * v);
        TVector c20 = TSimd.Load(c2), c21 = TSimd.Load(c2 + v), c22 = TSimd.Load(c2 + 2 * v), c23 = TSimd.Load(c2 + 3 * v);
        TVector c30 = TSimd.Load(c3), c31 = TSimd.Load(c3 + v), c32 = TSimd.Load(c3 + 2 * v), c33 = TSimd.Load(c3 + 3 * v);
        for (; column < end; column++)
        {
            float* row = b + column->Column * bRow;
            uint bytes = column->Values;
            TVector b0 = TSimd.Load(row), b1 = TSimd.Load(row + v), b2 = TSimd.Load(row + 2 * v), b3 = TSimd.Load(row + 3 * v);
            if ((byte)bytes != 0)
            {
                TVector x = TSimd.Create(values[(byte)bytes]);
                c00 = TSimd.MultiplyAdd(x, b0, c00);
                c01 = TSimd.MultiplyAdd(x, b1, c01);
                c02 = TSimd.MultiplyAdd(x, b2, c02);
                c03 = TSimd.MultiplyAdd(x, b3, c03);
            }
            if ((byte)(bytes >> 8) != 0)
            {
                TVector x = TSimd.Create(values[(byte)(bytes >> 8)]);
                c10 = TSimd.MultiplyAdd(x, b0, c10);
                c11 = TSimd.MultiplyAdd(x, b1, c11);
                c12 = TSimd.MultiplyAdd(x, b2, c12);
                c13 = TSimd.MultiplyAdd(x, b3, c13);
            }
            if ((byte)(bytes >> 16) != 0)
            {
                TVector x = TSimd.Create(values[(byte)(bytes >> 16)]);
                c20 = TSimd.MultiplyAdd(x, b0, c20);
                c21 = TSimd.MultiplyAdd(x, b1, c21);
                c22 = TSimd.MultiplyAdd(x, b2, c22);
                c23 = TSimd.MultiplyAdd(x, b3, c23);
            }
            if (bytes >> 24 != 0)
            {
                TVector x = TSimd.Create(values[bytes >> 24]);
                c30 = TSimd.MultiplyAdd(x, b0, c30);
                c31 = TSimd.MultiplyAdd(x, b1, c31);
                c32 = TSimd.MultiplyAdd(x, b2, c32);
                c33 = TSimd.MultiplyAdd(x, b3, c33);
            }
        }
        TSimd.Store(c00, c0);
        TSimd.Store(c01, c0 + v);
        TSimd.Store(c02, c0 + 2 * v);
        TSimd.Store(c03, c0 + 3 * v);
        TSimd.Store(c10, c1);
        TSimd.Store(c11, c1 + v);
        TSimd.Store(c12, c1 + 2 * v);
        TSimd.Store(c13, c1 + 3 * v);
        TSimd.Store(c20, c2);
        TSimd.Store(c21, c2 + v);
        TSimd.Store(c22, c2 + 2 * v);
        TSimd.Store(c23, c2 + 3 * v);
        TSimd.Store(c30, c3);
        TSimd.Store(c31, c3 + v);
        TSimd.Store(c32, c3 + 2 * v);
        TSimd.Store(c33, c3 + 3 * v);
    }

    private static void Tile3(
        SparseColumn* column, SparseColumn* end, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3)
    {
        int v = TSimd.Count;
        TVector c00 = TSimd.Load(c0), c01 = TSimd.Load(c0 + v), c02 = TSimd.Load(c0 + 2 * v);
        TVector c10 = TSimd.Load(c1), c11 = TSimd.Load(c1 + v), c12 = TSimd.Load(c1 + 2 * v);
        TVector c20 = TSimd.Load(c2), c21 = TSimd.Load(c2 + v), c22 = TSimd.Load(c2 + 2 * v);
        TVector c30 = TSimd.Load(c3), c31 = TSimd.Load(c3 + v), c32 = TSimd.Load(c3 + 2 * v);
        for (; column < end; column++)
        {
            float* row = b + column->Column * bRow;
            uint bytes = column->Values;
            TVector b0 = TSimd.Load(row), b1 = TSimd.Load(row + v), b2 = TSimd.Load(row + 2 * v);
            if ((byte)bytes != 0)
            {
                TVector x = TSimd.Create(values[(byte)bytes]);
                c00 = TSimd.MultiplyAdd(x, b0, c00);
                c01 = TSimd.MultiplyAdd(x, b1, c01);
                c02 = TSimd.MultiplyAdd(x, b2, c02);
            }
            if ((byte)(bytes >> 8) != 0)
            {
                TVector x = TSimd.Create(values[(byte)(bytes >> 8)]);
                c10 = TSimd.MultiplyAdd(x, b0, c10);
                c11 = TSimd.MultiplyAdd(x, b1, c11);
                c12 = TSimd.MultiplyAdd(x, b2, c12);
            }
            if ((byte)(bytes >> 16) != 0)
            {
                TVector x = TSimd.Create(values[(byte)(bytes >> 16)]);
                c20 = TSimd.MultiplyAdd(x, b0, c20);
                c21 = TSimd.MultiplyAdd(x, b1, c21);
                c22 = TSimd.MultiplyAdd(x, b2, c22);
            }
            if (bytes >> 24 != 0)
            {
                TVector x = TSimd.Create(values[bytes >> 24]);
                c30 = TSimd.MultiplyAdd(x, b0, c30);
                c31 = TSimd.MultiplyAdd(x, b1, c31);
                c32 = TSimd.MultiplyAdd(x, b2, c32);
            }
        }
        TSimd.Store(c00, c0);
        TSimd.Store(c01, c0 + v);
        TSimd.Store(c02, c0 + 2 * v);
        TSimd.Store(c10, c1);
        TSimd.Store(c11, c1 + v);
        TSimd.Store(c12, c1 + 2 * v);
        TSimd.Store(c20, c2);
        TSimd.Store(c21, c2 + v);
        TSimd.Store(c22, c2 + 2 * v);
        TSimd.Store(c30, c3);
        TSimd.Store(c31, c3 + v);
        TSimd.Store(c32, c3 + 2 * v);
    }

    private static void Tile2(
        SparseColumn* column, SparseColumn* end, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3)
    {
        int v = TSimd.Count;
        TVector c00 = TSimd.Load(c0), c01 = TSimd.Load(c0 + v), c10 = TSimd.Load(c1), c11 = TSimd.Load(c1 + v);
        TVector c20 = TSimd.Load(c2), c21 = TSimd.Load(c2 + v), c30 = TSimd.Load(c3), c31 = TSimd.Load(c3 + v);
        for (; column < end; column++)
        {
            float* row = b + column->Column * bRow;
            uint bytes = column->Values;
            TVector b0 = TSimd.Load(row), b1 = TSimd.Load(row + v);
            if ((byte)bytes != 0)
            {
                TVector x = TSimd.Create(values[(byte)bytes]);
                c00 = TSimd.MultiplyAdd(x, b0, c00);
                c01 = TSimd.MultiplyAdd(x, b1, c01);
            }
            if ((byte)(bytes >> 8) != 0)
            {
                TVector x = TSimd.Create(values[(byte)(bytes >> 8)]);
                c10 = TSimd.MultiplyAdd(x, b0, c10);
                c11 = TSimd.MultiplyAdd(x, b1, c11);
            }
            if ((byte)(bytes >> 16) != 0)
            {
                TVector x = TSimd.Create(values[(byte)(bytes >> 16)]);
                c20 = TSimd.MultiplyAdd(x, b0, c20);
                c21 = TSimd.MultiplyAdd(x, b1, c21);
            }
            if (bytes >> 24 != 0)
            {
                TVector x = TSimd.Create(values[bytes >> 24]);
                c30 = TSimd.MultiplyAdd(x, b0, c30);
                c31 = TSimd.MultiplyAdd(x, b1, c31);
            }
        }
        TSimd.Store(c00, c0);
        TSimd.Store(c01, c0 + v);
        TSimd.Store(c10, c1);
        TSimd.Store(c11, c1 + v);
        TSimd.Store(c20, c2);
        TSimd.Store(c21, c2 + v);
        TSimd.Store(c30, c3);
        TSimd.Store(c31, c3 + v);
    }

    private static void Tile1(
        SparseColumn* column, SparseColumn* end, float* values, float* b, nint bRow, float* c0, float* c1, float* c2, float* c3)
    {
        TVector s0 = TSimd.Load(c0), s1 = TSimd.Load(c1), s2 = TSimd.Load(c2), s3 = TSimd.Load(c3);
        for (; column < end; column++)
        {
            TVector row = TSimd.Load(b + column->Column * bRow);
            uint bytes = column->Values;
            if ((byte)bytes != 0)
                s0 = TSimd.MultiplyAdd(TSimd.Create(values[(byte)bytes]), row, s0);
            if ((byte)(bytes >> 8) != 0)
                s1 = TSimd.MultiplyAdd(TSimd.Create(values[(byte)(bytes >> 8)]), row, s1);
            if ((byte)(bytes >> 16) != 0)
                s2 = TSimd.MultiplyAdd(TSimd.Create(values[(byte)(bytes >> 16)]), row, s2);
            if (bytes >> 24 != 0)
                s3 = TSimd.MultiplyAdd(TSimd.Create(values[bytes >> 24]), row, s3);
        }
        TSimd.Store(s0, c0);
        TSimd.Store(s1, c1);
        TSimd.Store(s2, c2);
        TSimd.Store(s3, c3);
    }
}
