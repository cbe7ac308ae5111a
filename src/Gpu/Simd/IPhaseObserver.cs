namespace IlgpuDistance.Gpu.Simd;

/// <summary>Sees the phases of every pass of a <see cref="SimdExecutor"/>.</summary>
internal interface IPhaseObserver
{
    /// <summary>The clock on which a worker marks its phases.</summary>
    PhaseClock ClockOf(int worker);

    /// <summary>Called when all workers have ended a pass.</summary>
    /// <param name="samples">The samples of the pass.</param>
    void EndPass(BlockedSamples samples);
}
