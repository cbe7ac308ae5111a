using IlgpuDistance.Gpu.Vectors;

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
    private const int FewRows = 16;

    /// <summary>
    /// C = A B with <paramref name="row"/>: [columns] added to each of its rows (null: none); see <see cref="Accumulate"/>.
    /// </summary>
    public static void Multiply(
        float* row, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int rows, int depth, int columns)
    {
        // A few rows at a time stay in L1 until they are used; where the depth is cut, each few would read B's slices anew.
        int step = depth <= DepthBlock ? FewRows : rows;
        for (int r = 0; r < rows; r += step)
        {
            int count = Math.Min(step, rows - r);
            Rows<TSimd, TVector>.Fill(c + r * cRow, count, columns, row);
            Accumulate(a + r * aRow, aRow, aStep, b, bRow, c + r * cRow, cRow, count, depth, columns);
        }
    }

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
            float* a0 = a + k * aStep, b0 = b + k * bRow;
            int n = 0;
            for (; TSimd.HasManyRegisters && n + 4 * TSimd.Count <= columns; n += 4 * TSimd.Count)
            {
                for (int r = 0; r < rows; r += 4)
                    Tile<Strip4<TSimd, TVector>>(a0 + r * aRow, aRow, aStep, b0 + n, bRow, c + r * cRow + n, cRow, steps);
            }
            for (; n + 2 * TSimd.Count <= columns; n += 2 * TSimd.Count)
            {
                for (int r = 0; r < rows; r += 4)
                    Tile<Strip2<TSimd, TVector>>(a0 + r * aRow, aRow, aStep, b0 + n, bRow, c + r * cRow + n, cRow, steps);
            }
            for (; n < columns; n += TSimd.Count)
            {
                for (int r = 0; r < rows; r += 8)
                    TallTile(a0 + r * aRow, aRow, aStep, b0 + n, bRow, c + r * cRow + n, cRow, steps);
            }
        }
    }

    /// <summary>Four rows of one strip.</summary>
    private static void Tile<TStrip>(float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int steps)
        where TStrip : struct, IStrip<TStrip, TVector>
    {
        float* c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        TStrip s0 = TStrip.Load(c), s1 = TStrip.Load(c1), s2 = TStrip.Load(c2), s3 = TStrip.Load(c3);
        for (; steps > 0; steps--, a += aStep, b += bRow)
        {
            TStrip row = TStrip.Load(b);
            s0.MultiplyAdd(TSimd.Create(a[0]), row);
            s1.MultiplyAdd(TSimd.Create(a[aRow]), row);
            s2.MultiplyAdd(TSimd.Create(a[2 * aRow]), row);
            s3.MultiplyAdd(TSimd.Create(a[3 * aRow]), row);
        }
        s0.Store(c);
        s1.Store(c1);
        s2.Store(c2);
        s3.Store(c3);
    }

    /// <summary>Eight rows of one vector: with four, each multiply-add would wait for the one before it.</summary>
    private static void TallTile(float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int steps)
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
