namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The end of a batch: g = Σ_lane g_lane, in the order of the lanes, and the step of plain SGD, p ← p − learningRate · g.
/// </summary>
internal static unsafe class StepBody<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Lane after lane over a piece that stays in L1: one long run of reads at a time, where reading a vector of each lane in
    // turn would touch as many pages as there are lanes.
    private const int Piece = 2048;

    /// <summary>Sums for parameters first..end, multiples of 16.</summary>
    /// <param name="laneGradients">[lanes, laneStride]</param>
    /// <param name="laneStride">Floats from one lane's gradients to the next.</param>
    /// <param name="lanes">Number of lanes, at least 1.</param>
    /// <param name="gradients">Receives the sums.</param>
    /// <param name="first">The first parameter.</param>
    /// <param name="end">Behind the last parameter.</param>
    public static void Sum(float* laneGradients, nint laneStride, int lanes, float* gradients, nint first, nint end)
    {
        for (nint start = first; start < end; start += Piece)
        {
            nint stop = nint.Min(start + Piece, end);
            for (nint n = start; n < stop; n += TSimd.Count)
                TSimd.Store(TSimd.Load(laneGradients + n), gradients + n);
            for (int lane = 1; lane < lanes; lane++)
            {
                float* laneGradient = laneGradients + lane * laneStride;
                for (nint n = start; n < stop; n += TSimd.Count)
                    TSimd.Store(TSimd.Add(TSimd.Load(gradients + n), TSimd.Load(laneGradient + n)), gradients + n);
            }
        }
    }

    /// <summary>Steps parameters first..end.</summary>
    public static void Step(float* gradients, float* parameters, float learningRate, nint first, nint end)
    {
        TVector rate = TSimd.Create(-learningRate);
        for (nint n = first; n < end; n += TSimd.Count)
            TSimd.Store(TSimd.MultiplyAdd(rate, TSimd.Load(gradients + n), TSimd.Load(parameters + n)), parameters + n);
    }
}
