using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>
/// One step of an optimizer: a parameter p from its gradient g, the learning rate η and up to two values of state, which are zero
/// before the first step. A structure of what is the same for all parameters; where all of p, g and the state are zero, as
/// padding is, they stay so.
/// </summary>
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

    /// <summary>The step of some parameters side by side, for both executors.</summary>
    /// <returns>The parameters after the step.</returns>
    T Step<TMath, T>(T rate, T p, T g, ref T first, ref T second) where TMath : IArithmetic<T>;
}

/// <summary>Whoever takes a step by a rule.</summary>
internal interface IStepTaker
{
    /// <summary>Takes it.</summary>
    void Take<TRule>(TRule rule) where TRule : struct, IStepRule;
}
