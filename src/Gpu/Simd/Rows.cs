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

    /// <summary>sum += Σ_r source_r.</summary>
    public static void AddSum(float* source, int rows, int stride, float* sum)
    {
        for (int n = 0; n < stride; n += TSimd.Count)
        {
            TVector total = TSimd.Load(sum + n);
            for (int r = 0; r < rows; r++)
                total = TSimd.Add(total, TSimd.Load(source + (nint)r * stride + n));
            TSimd.Store(total, sum + n);
        }
    }

    /// <summary>values *= factor.</summary>
    public static void Scale(float* values, int rows, int stride, float factor)
    {
        TVector f = TSimd.Create(factor);
        for (nint n = 0; n < (nint)rows * stride; n += TSimd.Count)
            TSimd.Store(TSimd.Multiply(f, TSimd.Load(values + n)), values + n);
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
