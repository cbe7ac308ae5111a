namespace IlgpuDistance.Gpu.Arithmetic;

/// <summary>
/// What the formulas of layers are written in: one formula is compiled for the vectors of a processor, for the groups of four
/// floats that a work-item holds, and for single floats. Each compiler makes a separate, fully inlined version of it.
/// </summary>
/// <typeparam name="T">Some float32 values side by side.</typeparam>
internal interface IArithmetic<T>
{
    static abstract T Zero { get; }
    static abstract T Create(float value);

    static abstract T Add(T a, T b);
    static abstract T Subtract(T a, T b);
    static abstract T Multiply(T a, T b);
    static abstract T Divide(T a, T b);

    /// <summary>a · b + c, fused where the device can. No other sum of a product is fused.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>The larger; a NaN of a is handed on.</summary>
    static abstract T Max(T a, T b);
    static abstract T Abs(T a);
    static abstract T Negate(T a);
    static abstract T Sqrt(T a);

    /// <summary>Where x &gt; limit the value, elsewhere 0.</summary>
    static abstract T WhereGreater(T x, T limit, T value);
}
