using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>What one worker does at the end of a batch; all buffers have the layout of the parameters.</summary>
internal unsafe ref struct StepTask
{
    /// <summary>[lanes, <see cref="LaneStride"/>]</summary>
    public float* LaneGradients;

    /// <summary>Floats from one lane's gradients to the next.</summary>
    public nint LaneStride;

    /// <summary>Number of lanes, at least 1.</summary>
    public int Lanes;

    /// <summary>Receives the sums.</summary>
    public float* Gradients;

    /// <summary>Are stepped.</summary>
    public float* Parameters;

    /// <summary>[values of state, <see cref="Count"/>]: the optimizer's state.</summary>
    public float* State;

    /// <summary>Number of all parameters.</summary>
    public nint Count;

    /// <summary>Learning rate.</summary>
    public float Rate;

    /// <summary>Factors of the learning rate.</summary>
    public ReadOnlySpan<RateRange> Ranges;

    /// <summary>The first of the worker's parameters, a multiple of 16.</summary>
    public nint First;

    /// <summary>Behind the last of them, a multiple of 16.</summary>
    public nint End;
}
