using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>The formulas of an <see cref="ElementwiseLayer"/> where it is computed by itself.</summary>
internal interface IElementwise
{
    /// <summary>y from x.</summary>
    static abstract T Forward<TMath, T>(T x) where TMath : IArithmetic<T>;

    /// <summary>dx from x and dy.</summary>
    static abstract T Backward<TMath, T>(T x, T dy) where TMath : IArithmetic<T>;
}
