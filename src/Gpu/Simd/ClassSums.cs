using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Sums over activations a for each class and each node of a stripe of <see cref="NetworkPlan.RowAlignment"/> columns, about a
/// center c: Σ (a − c), Σ (a − c)², the number of |a| above a threshold, the smallest and the largest a; [class, these, stripe].
/// </summary>
internal static unsafe class ClassSums<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Width = NetworkPlan.RowAlignment;

    /// <summary>Adds rows to the sums.</summary>
    /// <param name="a">The stripe of the first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="labels">[rows]</param>
    /// <param name="rows">Number of rows; so few that float32 counts them.</param>
    /// <param name="centers">c: [classes, stripe]</param>
    /// <param name="threshold">What counts as active.</param>
    /// <param name="sums">[classes, <see cref="SimdSums.Count"/>, stripe]</param>
    public static void Add(float* a, int stride, byte* labels, int rows, float* centers, float threshold, float* sums)
    {
        TVector limit = TSimd.Create(threshold), one = TSimd.Create(1);
        for (int r = 0; r < rows; r++, a += stride)
        {
            float* center = centers + labels[r] * Width, sum = sums + labels[r] * (SimdSums.Count * Width);
            for (int n = 0; n < Width; n += TSimd.Count, sum += TSimd.Count)
            {
                TVector value = TSimd.Load(a + n), d = TSimd.Subtract(value, TSimd.Load(center + n));
                float* square = sum + SimdSums.Square * Width, active = sum + SimdSums.Active * Width;
                float* smallest = sum + SimdSums.Smallest * Width, largest = sum + SimdSums.Largest * Width;
                TSimd.Store(TSimd.Add(TSimd.Load(sum), d), sum);
                TSimd.Store(TSimd.MultiplyAdd(d, d, TSimd.Load(square)), square);
                TSimd.Store(TSimd.Add(TSimd.Load(active), TSimd.WhereGreater(TSimd.Abs(value), limit, one)), active);
                TSimd.Store(TSimd.Min(TSimd.Load(smallest), value), smallest);
                TSimd.Store(TSimd.Max(TSimd.Load(largest), value), largest);
            }
        }
    }
}

/// <summary>Which sums <see cref="ClassSums{TSimd, TVector}"/> makes, in their order.</summary>
internal static class SimdSums
{
    public const int Sum = 0, Square = 1, Active = 2, Smallest = 3, Largest = 4, Count = 5;
}
