using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Operations on rows of a multiple of <see cref="Networks.NetworkPlan.RowAlignment"/> floats, one after the other.
/// </summary>
internal static unsafe class Rows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Every row becomes a copy of <paramref name="row"/>, or zero where that is null.</summary>
    public static void Fill(float* target, int rows, int stride, float* row)
    {
        if (row == null)
        {
            new Span<float>(target, rows * stride).Clear();
            return;
        }
        for (; rows > 0; rows--, target += stride)
        {
            for (int n = 0; n < stride; n += TSimd.Count)
                TSimd.Store(TSimd.Load(row + n), target + n);
        }
    }

    /// <summary>sum += Σ_r source_r, over some columns.</summary>
    public static void AddSum(float* source, int rows, int stride, int columns, float* sum)
    {
        int n = 0;
        // Four vectors at a time: each addition waits for the one before it.
        for (; n + 4 * TSimd.Count <= columns; n += 4 * TSimd.Count)
        {
            float* s1 = sum + n + TSimd.Count, s2 = s1 + TSimd.Count, s3 = s2 + TSimd.Count, row = source + n;
            TVector t0 = TSimd.Load(sum + n), t1 = TSimd.Load(s1), t2 = TSimd.Load(s2), t3 = TSimd.Load(s3);
            for (int r = 0; r < rows; r++, row += stride)
            {
                t0 = TSimd.Add(t0, TSimd.Load(row));
                t1 = TSimd.Add(t1, TSimd.Load(row + TSimd.Count));
                t2 = TSimd.Add(t2, TSimd.Load(row + 2 * TSimd.Count));
                t3 = TSimd.Add(t3, TSimd.Load(row + 3 * TSimd.Count));
            }
            TSimd.Store(t0, sum + n);
            TSimd.Store(t1, s1);
            TSimd.Store(t2, s2);
            TSimd.Store(t3, s3);
        }
        for (; n < columns; n += TSimd.Count)
        {
            TVector total = TSimd.Load(sum + n);
            for (int r = 0; r < rows; r++)
                total = TSimd.Add(total, TSimd.Load(source + (nint)r * stride + n));
            TSimd.Store(total, sum + n);
        }
    }

    /// <summary>sum += factor · Σ_r source_r, over some columns.</summary>
    public static void AddScaledSum(float* source, int rows, int stride, float factor, int columns, float* sum)
    {
        float* total = stackalloc float[4 * TSimd.Count];
        for (int n = 0; n < columns; n += 4 * TSimd.Count)
        {
            int count = Math.Min(4 * TSimd.Count, columns - n);
            Fill(total, 1, count, null);
            AddSum(source + n, rows, stride, count, total);
            AddScaled(total, factor, sum + n, count);
        }
    }

    /// <summary>target = source, over some columns.</summary>
    public static void Copy(float* source, int sourceStride, float* target, int targetStride, int rows, int columns)
    {
        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            for (int n = 0; n < columns; n += TSimd.Count)
                TSimd.Store(TSimd.Load(source + n), target + n);
        }
    }

    /// <summary>target += factor · source, over one row.</summary>
    public static void AddScaled(float* source, float factor, float* target, int stride)
    {
        TVector f = TSimd.Create(factor);
        for (int n = 0; n < stride; n += TSimd.Count)
            TSimd.Store(TSimd.MultiplyAdd(f, TSimd.Load(source + n), TSimd.Load(target + n)), target + n);
    }

    /// <summary>target = a Bᵀ, row by row of B: for what is needed now and then, as no transpose of B has to be kept.</summary>
    /// <param name="a">[rows, depth]</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="depth">A multiple of <see cref="Networks.NetworkPlan.RowAlignment"/>.</param>
    /// <param name="b">[columns, depth]</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="target">[rows, stride], whose padding is left alone.</param>
    /// <param name="stride">Floats from one row of the target to the next.</param>
    public static void MultiplyTransposed(float* a, int rows, int depth, float* b, int columns, float* target, int stride)
    {
        for (int r = 0; r < rows; r++, a += depth, target += stride)
        {
            for (int c = 0; c < columns; c++)
            {
                float* row = b + (nint)c * depth;
                TVector sum = TSimd.Zero;
                for (int n = 0; n < depth; n += TSimd.Count)
                    sum = TSimd.MultiplyAdd(TSimd.Load(a + n), TSimd.Load(row + n), sum);
                target[c] = TSimd.Sum(sum);
            }
        }
    }

    /// <summary>target = min(max(source, lowest), highest), with a row of lower and one of upper limits.</summary>
    public static void Clamp(float* source, int rows, int stride, float* lowest, float* highest, float* target)
    {
        for (; rows > 0; rows--, source += stride, target += stride)
        {
            for (int n = 0; n < stride; n += TSimd.Count)
            {
                TVector raised = TSimd.Max(TSimd.Load(source + n), TSimd.Load(lowest + n));
                TSimd.Store(TSimd.Min(raised, TSimd.Load(highest + n)), target + n);
            }
        }
    }
}
