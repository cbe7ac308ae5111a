using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>What one worker does at the end of a batch; all buffers have the layout of the parameters.</summary>
internal unsafe ref struct StepTask
{
    /// <summary>[portions, <see cref="PortionStride"/>]; parameter n of the first one is n floats behind it.</summary>
    public float* PortionGradients;

    /// <summary>Floats from one portion's gradients to the next.</summary>
    public nint PortionStride;

    /// <summary>Number of portions, at least 1.</summary>
    public int Portions;

    /// <summary>Receives the sums; null where nobody wants them.</summary>
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

    /// <summary>The learning rate of a parameter; 0 where nobody has given any, as nobody steps.</summary>
    public readonly float RateOf(nint parameter)
    {
        foreach (RateRange range in Ranges)
        {
            if (range.First <= parameter && parameter < range.End)
                return Rate * range.Factor;
        }
        return 0;
    }

    /// <summary>The first of the worker's parameters, a multiple of 16.</summary>
    public nint First;

    /// <summary>Behind the last of them, a multiple of 16.</summary>
    public nint End;
}
