using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// A kind of layer in which each output y comes from a sum v over the inputs; what analyses need to know of it that change one
/// input. The formulas are for one input x of an output, with its weight a and its point p (0 where the kind has none).
/// </summary>
internal interface IInputSum
{
    /// <summary>What stands in the names of its kernels.</summary>
    static abstract string Name { get; }

    /// <summary>Whether the output is the sum itself, which then needs no pass of its own.</summary>
    static abstract bool OutputIsSum { get; }

    /// <summary>y from v.</summary>
    static abstract T Output<TMath, T>(T sum) where TMath : IArithmetic<T>;

    /// <summary>A value of y's sign that orders sums as y does, for less arithmetic.</summary>
    static abstract T Order<TMath, T>(T sum) where TMath : IArithmetic<T>;

    /// <summary>v from y, where no weight is negative.</summary>
    static abstract T Sum<TMath, T>(T output) where TMath : IArithmetic<T>;

    /// <summary>What v becomes where the input changes from one value to another.</summary>
    static abstract T Change<TMath, T>(T sum, T weight, T point, T from, T to) where TMath : IArithmetic<T>;
}
