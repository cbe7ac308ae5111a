using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// The weighted distance to a learned prototype per output, with μ and α: [outputs, inputs]; see <see cref="OffsetL2Form"/>.
/// Where the squared distance is below 1e-12 the gradient is 0. (Oursland, arXiv:2502.02103.)
/// </summary>
/// <param name="Outputs">Number of prototypes, at least 1.</param>
/// <param name="Form">How α enters.</param>
public sealed record OffsetL2(int Outputs, OffsetL2Form Form = OffsetL2Form.Paper) : DistanceLayer(Outputs)
{
    /// <summary>The squared distance below which it is clamped and the gradient vanishes.</summary>
    public const float SmallestSquaredDistance = 1e-12f;

    /// <summary>How it is written.</summary>
    internal static CallSyntax<Layer> Syntax { get; } = new(
        "offset-l2(N, form: paper|reference)",
        "Weighted distances to N learned prototypes, in the form of the paper or of its author's program.",
        call => new OffsetL2(call.Outputs(), (OffsetL2Form)call.Choice("form", otherwise: 0, "paper", "reference")));

    /// <inheritdoc/>
    public override ClassModel Model => ClassModel.Gaussian;

    /// <inheritdoc/>
    public override float ScaleOf(float alpha) => Form == OffsetL2Form.Paper ? Math.Abs(alpha) : MathF.Sqrt(Math.Max(alpha, 0));

    /// <inheritdoc/>
    public override DistanceLayer Scaled(int outputs) => new OffsetL2(outputs);

    internal override LayerOperations Operations => Kind<Plain>.Operations;

    internal override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => Form switch
    {
        OffsetL2Form.Paper => visitor.Prototypes<Kind<Squares>>(),
        OffsetL2Form.Reference => visitor.Prototypes<Kind<Plain>>(),
        _ => throw new NotSupportedException($"no form {Form}"),
    };

    private protected override string Text => CallText.Write(
        Syntax.Name, Outputs, Form == OffsetL2Form.Paper ? null : $"form: {Form.ToString().ToLowerInvariant()}");

    /// <summary>How the weights come from α.</summary>
    internal interface IWeights
    {
        /// <summary>What stands in the names of the kernels.</summary>
        static abstract string Name { get; }

        /// <summary>a for people.</summary>
        static abstract string Formula { get; }

        /// <summary>Whether a is α.</summary>
        static abstract bool AreAlpha { get; }

        /// <summary>a</summary>
        static abstract T Of<TMath, T>(T alpha) where TMath : IArithmetic<T>;

        /// <summary>½ ∂a/∂α: the root takes the other half.</summary>
        static abstract T HalfSlope<TMath, T>(T alpha) where TMath : IArithmetic<T>;
    }

    /// <summary>a = α²</summary>
    internal readonly struct Squares : IWeights
    {
        public static string Name => "paper";

        public static string Formula => "α²";

        public static bool AreAlpha => false;

        public static T Of<TMath, T>(T alpha) where TMath : IArithmetic<T> => TMath.Multiply(alpha, alpha);

        public static T HalfSlope<TMath, T>(T alpha) where TMath : IArithmetic<T> => alpha;
    }

    /// <summary>a = α</summary>
    internal readonly struct Plain : IWeights
    {
        public static string Name => "reference";

        public static string Formula => "α";

        public static bool AreAlpha => true;

        public static T Of<TMath, T>(T alpha) where TMath : IArithmetic<T> => alpha;

        public static T HalfSlope<TMath, T>(T alpha) where TMath : IArithmetic<T> => TMath.Create(0.5f);
    }

    /// <summary>y = sqrt(max(v, 1e-12)) with v = Σ_i a d²</summary>
    internal readonly struct Kind<TWeights> : IPrototypeKind where TWeights : struct, IWeights
    {
        public static string Name => $"offset-l2-{TWeights.Name}";

        public static string Formula => $"y = sqrt(Σ_i {TWeights.Formula} (x − μ)²)";

        // d, its product with a, and a multiply-add; d and g = r d; Σ g and Σ g d.
        public static LayerOperations Operations { get; } = new(Forward: 4, Slope: 2, Sums: 3, Input: 2);

        public static bool WeightIsParameter => TWeights.AreAlpha;

        public static bool OutputIsSum => false;

        public static T Weight<TMath, T>(T parameter) where TMath : IArithmetic<T> => TWeights.Of<TMath, T>(parameter);

        public static T WeightSlope<TMath, T>(T parameter) where TMath : IArithmetic<T> =>
            TWeights.HalfSlope<TMath, T>(parameter);

        public static T AddTerm<TMath, T>(T sum, T weight, T d) where TMath : IArithmetic<T> =>
            TMath.MultiplyAdd(TMath.Multiply(weight, d), d, sum);

        public static T Output<TMath, T>(T sum) where TMath : IArithmetic<T> => TMath.Sqrt(Order<TMath, T>(sum));

        // The root is monotonic. A NaN goes through.
        public static T Order<TMath, T>(T sum) where TMath : IArithmetic<T> =>
            TMath.Max(sum, TMath.Create(SmallestSquaredDistance));

        public static T Sum<TMath, T>(T output) where TMath : IArithmetic<T> => TMath.Multiply(output, output);

        // The root of the smallest squared distance marks the clamp: there the gradient is 0.
        public static T Ratio<TMath, T>(T dy, T y) where TMath : IArithmetic<T> =>
            TMath.WhereGreater(y, TMath.Create(1e-6f), TMath.Divide(dy, y));

        public static T Slope<TMath, T>(T r, T d) where TMath : IArithmetic<T> => TMath.Multiply(r, d);

        // a (x'² − x² − 2μ (x' − x)) with the common factor in front, as near values would cancel.
        public static T Change<TMath, T>(T sum, T weight, T point, T from, T to) where TMath : IArithmetic<T>
        {
            T slope = TMath.Multiply(weight, TMath.Subtract(TMath.Add(to, from), TMath.Add(point, point)));
            return TMath.MultiplyAdd(TMath.Subtract(to, from), slope, sum);
        }
    }
}
