namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The matrix product C += A B with a tile of C in vector registers: C: [rows, columns], A: [rows, depth],
/// B: [depth, columns]. Of A any strides are allowed, so that one routine computes y = x W (A = x), the weight gradient
/// xᵀ dy (A = xᵀ) and the input gradient dy Wᵀ (B = Wᵀ).
/// </summary>
/// <remarks>
/// A tile holds 4 rows × 4 vectors (8 rows × 1 vector at the narrow end); each step of the depth loads a row of B and
/// broadcasts a column of A: 8 loads for 16 multiply-adds. The depth is cut so that the slice of B that all rows share
/// (<see cref="DepthBlock"/> × 4 vectors) stays in the L1 cache.
/// </remarks>
internal static unsafe class TiledProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int DepthBlock = 64;

    /// <summary>C += A B.</summary>
    /// <param name="a">A(r, k) is a[r · aRow + k · aStep].</param>
    /// <param name="aRow">See <paramref name="a"/>.</param>
    /// <param name="aStep">See <paramref name="a"/>.</param>
    /// <param name="b">B(k, n) is b[k · bRow + n].</param>
    /// <param name="bRow">See <paramref name="b"/>.</param>
    /// <param name="c">C(r, n) is c[r · cRow + n].</param>
    /// <param name="cRow">See <paramref name="c"/>.</param>
    /// <param name="rows">Rounded up to a multiple of 8 (the memory must be there).</param>
    /// <param name="depth">Any.</param>
    /// <param name="columns">A multiple of 16.</param>
    public static void Accumulate(
        float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int rows, int depth, int columns)
    {
        for (int k = 0; k < depth; k += DepthBlock)
        {
            int steps = Math.Min(DepthBlock, depth - k);
            int n = 0;
            for (; TSimd.HasManyRegisters && n + 4 * TSimd.Count <= columns; n += 4 * TSimd.Count)
            {
                for (int r = 0; r < rows; r += 4)
                    Tile4x4(a + r * aRow + k * aStep, aRow, aStep, b + k * bRow + n, bRow, c + r * cRow + n, cRow, steps);
            }
            for (; n + 2 * TSimd.Count <= columns; n += 2 * TSimd.Count)
            {
                for (int r = 0; r < rows; r += 4)
                    Tile4x2(a + r * aRow + k * aStep, aRow, aStep, b + k * bRow + n, bRow, c + r * cRow + n, cRow, steps);
            }
            for (; n < columns; n += TSimd.Count)
            {
                for (int r = 0; r < rows; r += 8)
                    Tile8x1(a + r * aRow + k * aStep, aRow, aStep, b + k * bRow + n, bRow, c + r * cRow + n, cRow, steps);
            }
        }
    }

    private static void Tile4x4(float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int steps)
    {
        int v = TSimd.Count;
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        TVector c00 = TSimd.Load(c), c01 = TSimd.Load(c + v), c02 = TSimd.Load(c + 2 * v), c03 = TSimd.Load(c + 3 * v);
        TVector c10 = TSimd.Load(c1), c11 = TSimd.Load(c1 + v), c12 = TSimd.Load(c1 + 2 * v), c13 = TSimd.Load(c1 + 3 * v);
        TVector c20 = TSimd.Load(c2), c21 = TSimd.Load(c2 + v), c22 = TSimd.Load(c2 + 2 * v), c23 = TSimd.Load(c2 + 3 * v);
        TVector c30 = TSimd.Load(c3), c31 = TSimd.Load(c3 + v), c32 = TSimd.Load(c3 + 2 * v), c33 = TSimd.Load(c3 + 3 * v);
        for (; steps > 0; steps--, a += aStep, b += bRow)
        {
            TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + v), b2 = TSimd.Load(b + 2 * v), b3 = TSimd.Load(b + 3 * v);
            TVector x = TSimd.Create(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            c02 = TSimd.MultiplyAdd(x, b2, c02);
            c03 = TSimd.MultiplyAdd(x, b3, c03);
            x = TSimd.Create(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            c12 = TSimd.MultiplyAdd(x, b2, c12);
            c13 = TSimd.MultiplyAdd(x, b3, c13);
            x = TSimd.Create(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            c22 = TSimd.MultiplyAdd(x, b2, c22);
            c23 = TSimd.MultiplyAdd(x, b3, c23);
            x = TSimd.Create(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            c32 = TSimd.MultiplyAdd(x, b2, c32);
            c33 = TSimd.MultiplyAdd(x, b3, c33);
        }
        TSimd.Store(c00, c);
        TSimd.Store(c01, c + v);
        TSimd.Store(c02, c + 2 * v);
        TSimd.Store(c03, c + 3 * v);
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

    private static void Tile4x2(float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int steps)
    {
        int v = TSimd.Count;
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        TVector c00 = TSimd.Load(c), c01 = TSimd.Load(c + v), c10 = TSimd.Load(c1), c11 = TSimd.Load(c1 + v);
        TVector c20 = TSimd.Load(c2), c21 = TSimd.Load(c2 + v), c30 = TSimd.Load(c3), c31 = TSimd.Load(c3 + v);
        for (; steps > 0; steps--, a += aStep, b += bRow)
        {
            TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + v);
            TVector x = TSimd.Create(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Create(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Create(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Create(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
        }
        TSimd.Store(c00, c);
        TSimd.Store(c01, c + v);
        TSimd.Store(c10, c1);
        TSimd.Store(c11, c1 + v);
        TSimd.Store(c20, c2);
        TSimd.Store(c21, c2 + v);
        TSimd.Store(c30, c3);
        TSimd.Store(c31, c3 + v);
    }

    private static void Tile8x1(float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int steps)
    {
        float* c4 = c + 4 * cRow, a4 = a + 4 * aRow;
        TVector s0 = TSimd.Load(c), s1 = TSimd.Load(c + cRow), s2 = TSimd.Load(c + 2 * cRow), s3 = TSimd.Load(c + 3 * cRow);
        TVector s4 = TSimd.Load(c4), s5 = TSimd.Load(c4 + cRow), s6 = TSimd.Load(c4 + 2 * cRow), s7 = TSimd.Load(c4 + 3 * cRow);
        for (; steps > 0; steps--, a += aStep, a4 += aStep, b += bRow)
        {
            TVector row = TSimd.Load(b);
            s0 = TSimd.MultiplyAdd(TSimd.Create(a[0]), row, s0);
            s1 = TSimd.MultiplyAdd(TSimd.Create(a[aRow]), row, s1);
            s2 = TSimd.MultiplyAdd(TSimd.Create(a[2 * aRow]), row, s2);
            s3 = TSimd.MultiplyAdd(TSimd.Create(a[3 * aRow]), row, s3);
            s4 = TSimd.MultiplyAdd(TSimd.Create(a4[0]), row, s4);
            s5 = TSimd.MultiplyAdd(TSimd.Create(a4[aRow]), row, s5);
            s6 = TSimd.MultiplyAdd(TSimd.Create(a4[2 * aRow]), row, s6);
            s7 = TSimd.MultiplyAdd(TSimd.Create(a4[3 * aRow]), row, s7);
        }
        TSimd.Store(s0, c);
        TSimd.Store(s1, c + cRow);
        TSimd.Store(s2, c + 2 * cRow);
        TSimd.Store(s3, c + 3 * cRow);
        TSimd.Store(s4, c4);
        TSimd.Store(s5, c4 + cRow);
        TSimd.Store(s6, c4 + 2 * cRow);
        TSimd.Store(s7, c4 + 3 * cRow);
    }
}
