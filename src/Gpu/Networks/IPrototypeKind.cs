using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// The formulas of a <see cref="PrototypeLayer"/>, for both executors. With d = x_i − p_ji, and a_ji from its parameter:
/// <code>y_j = output(Σ_i term(a_ji, d))</code>
/// Backward, with r_j = ratio(dy_j, y_j) and g = slope(r_j, d): dx_i = Σ_j a g, dp_ji = −a Σ_s g, and the gradient of a's
/// parameter is its weight slope times Σ_s g d.
/// </summary>
internal interface IPrototypeKind : IInputSum
{
    /// <summary>The forward pass for people.</summary>
    static abstract string Formula { get; }

    /// <summary>Its arithmetic.</summary>
    static abstract LayerOperations Operations { get; }

    /// <summary>Whether a is the parameter itself, which then needs no memory of its own.</summary>
    static abstract bool WeightIsParameter { get; }

    /// <summary>The weight a from its parameter.</summary>
    static abstract T Weight<TMath, T>(T parameter) where TMath : IArithmetic<T>;

    /// <summary>The gradient of a's parameter is this times Σ_s g d.</summary>
    static abstract T WeightSlope<TMath, T>(T parameter) where TMath : IArithmetic<T>;

    /// <summary>Adds the term of one input, d away from its point, to the sum.</summary>
    static abstract T AddTerm<TMath, T>(T sum, T weight, T d) where TMath : IArithmetic<T>;

    /// <summary>r from dy and y.</summary>
    static abstract T Ratio<TMath, T>(T dy, T y) where TMath : IArithmetic<T>;

    /// <summary>g from r and d.</summary>
    static abstract T Slope<TMath, T>(T r, T d) where TMath : IArithmetic<T>;
}
