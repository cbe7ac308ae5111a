using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>
/// One step of an optimizer: a parameter p from its gradient g, the learning rate η and up to two values of state, which are zero
/// before the first step. A structure of what is the same for all parameters; where all of p, g and the state are zero, as
/// padding is, they stay so.
/// </summary>
/// <remarks>
/// The formula stands twice, for kernels and for SIMD, which differ in what is one instruction: a fused multiply-add there, and
/// operators here, which every device's compiler contracts as it likes.
/// </remarks>
internal interface IStepRule
{
    /// <summary>The name of its kernel.</summary>
    static abstract string Name { get; }

    /// <summary>The formula, as the catalogue of kernels shows it.</summary>
    static abstract string Formula { get; }

    /// <summary>Additions, multiplications, divisions and roots for one parameter.</summary>
    static abstract int Flop { get; }

    /// <summary>How many values of state it keeps of each parameter, always the same number: 0, 1 or 2.</summary>
    int StateCount { get; }

    /// <summary>The step in a kernel.</summary>
    /// <returns>The parameter after the step.</returns>
    float Step(float rate, float p, float g, ref float first, ref float second);

    /// <summary>The step in SIMD code.</summary>
    /// <returns>The parameters after the step.</returns>
    TVector Step<TSimd, TVector>(TVector rate, TVector p, TVector g, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged;
}

/// <summary>Whoever takes a step by a rule.</summary>
internal interface IStepTaker
{
    /// <summary>Takes it.</summary>
    void Take<TRule>(TRule rule) where TRule : struct, IStepRule;
}
