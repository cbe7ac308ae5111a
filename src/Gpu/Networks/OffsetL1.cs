using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// The weighted L1 distance to a learned prototype per output: y_j = Σ_i |α_ji| |x_i − μ_ji|, with μ and α: [outputs, inputs].
/// The derivatives of the absolute values at exactly 0 are 0, as in PyTorch.
/// </summary>
/// <param name="Outputs">Number of prototypes, at least 1.</param>
public sealed record OffsetL1(int Outputs) : DistanceLayer(Outputs)
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Layer> Syntax { get; } = new(
        "offset-l1(N)", "Weighted sums of absolute differences from N learned prototypes.",
        call => new OffsetL1(call.Outputs()));

    /// <inheritdoc/>
    public override ClassModel Model => ClassModel.Laplace;

    /// <inheritdoc/>
    public override float ScaleOf(float alpha) => Math.Abs(alpha);

    /// <inheritdoc/>
    public override DistanceLayer Scaled(int outputs) => new OffsetL1(outputs);

    internal override LayerOperations Operations => Kind.Operations;

    internal override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Prototypes<Kind>();

    private protected override string Text => CallText.Write(Syntax.Name, Outputs);

    /// <summary>a = |α|, and the sum is the output.</summary>
    internal readonly struct Kind : IPrototypeKind
    {
        public static string Name => "offset-l1";

        public static string Formula => "y = Σ_i |α| |x − μ|";

        // d and a multiply-add; d and g = r sign(d); Σ g and Σ g d.
        public static LayerOperations Operations { get; } = new(Forward: 3, Slope: 2, Sums: 3, Input: 2);

        public static bool WeightIsParameter => false;

        public static bool OutputIsSum => true;

        public static T Weight<TMath, T>(T alpha) where TMath : IArithmetic<T> => TMath.Abs(alpha);

        public static T WeightSlope<TMath, T>(T alpha) where TMath : IArithmetic<T> => SignOf<TMath, T>(alpha, TMath.Create(1));

        public static T AddTerm<TMath, T>(T sum, T weight, T d) where TMath : IArithmetic<T> =>
            TMath.MultiplyAdd(weight, TMath.Abs(d), sum);

        public static T Output<TMath, T>(T sum) where TMath : IArithmetic<T> => sum;

        public static T Order<TMath, T>(T sum) where TMath : IArithmetic<T> => sum;

        public static T Sum<TMath, T>(T output) where TMath : IArithmetic<T> => output;

        public static T Ratio<TMath, T>(T dy, T y) where TMath : IArithmetic<T> => dy;

        public static T Slope<TMath, T>(T r, T d) where TMath : IArithmetic<T> => SignOf<TMath, T>(d, r);

        public static T Change<TMath, T>(T sum, T weight, T point, T from, T to) where TMath : IArithmetic<T>
        {
            T further = TMath.Subtract(TMath.Abs(TMath.Subtract(to, point)), TMath.Abs(TMath.Subtract(from, point)));
            return TMath.MultiplyAdd(further, weight, sum);
        }

        /// <summary>The value with the sign of x; 0 for 0.</summary>
        private static T SignOf<TMath, T>(T x, T value) where TMath : IArithmetic<T> =>
            TMath.Subtract(TMath.WhereGreater(x, TMath.Zero, value), TMath.WhereGreater(TMath.Zero, x, value));
    }
}
