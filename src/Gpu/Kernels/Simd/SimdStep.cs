namespace IlgpuDistance.Gpu.Kernels.Simd;

/// <summary>
/// The end of a batch: g = Σ_lane g_lane, in the order of the lanes, and the step of plain SGD, p ← p − learningRate · g.
/// </summary>
internal static unsafe class SimdStep<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Sums and steps for parameters first..end, multiples of 16.</summary>
    /// <param name="laneGradients">[lanes, laneStride]</param>
    /// <param name="laneStride">Floats from one lane's gradients to the next.</param>
    /// <param name="lanes">Number of lanes, at least 1.</param>
    /// <param name="gradients">Receives the sums.</param>
    /// <param name="parameters">Are stepped.</param>
    /// <param name="learningRate">0 leaves the parameters as they are.</param>
    /// <param name="first">The first parameter.</param>
    /// <param name="end">Behind the last parameter.</param>
    public static void Run(
        float* laneGradients, nint laneStride, int lanes, float* gradients, float* parameters, float learningRate, nint first, nint end)
    {
        TVector rate = TSimd.Create(-learningRate);
        for (nint n = first; n < end; n += TSimd.Count)
        {
            TVector sum = TSimd.Load(laneGradients + n);
            for (int lane = 1; lane < lanes; lane++)
                sum = TSimd.Add(sum, TSimd.Load(laneGradients + lane * laneStride + n));
            TSimd.Store(sum, gradients + n);
            if (learningRate != 0)
                TSimd.Store(TSimd.MultiplyAdd(rate, sum, TSimd.Load(parameters + n)), parameters + n);
        }
    }
}
