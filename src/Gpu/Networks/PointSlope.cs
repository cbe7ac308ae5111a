using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>y_j = Σ_i w_ji (x_i − c_ji), with the slopes w and the offsets c: [outputs, inputs].</summary>
/// <param name="Outputs">Number of outputs, at least 1.</param>
public sealed record PointSlope(int Outputs) : PrototypeLayer(Outputs)
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Layer> Syntax { get; } = new(
        "point-slope(N)", "N weighted sums of distances to learned points, without a bias.",
        call => new PointSlope(call.Outputs()));

    /// <inheritdoc/>
    public override ParameterRole PointRole => ParameterRole.Offset;

    /// <inheritdoc/>
    public override ParameterRole WeightRole => ParameterRole.Weight;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorDescription> Tensors => [Slopes, Points];

    internal override LayerOperations Operations => Kind.Operations;

    internal override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Prototypes<Kind>();

    private protected override string Text => CallText.Write(Syntax.Name, Outputs);

    /// <summary>In ±√(2/fan-in), which is PyTorch's <c>kaiming_uniform_</c> with a = √2, as in the author's code.</summary>
    private static TensorDescription Slopes { get; } =
        new("weight", ParameterRole.Weight, "weights", new UniformValues(Math.Sqrt(2)));

    private static TensorDescription Points { get; } = new("offset", ParameterRole.Offset, "offsets c", new EqualValues(0));

    /// <summary>a = w, and the sum is the output.</summary>
    internal readonly struct Kind : IPrototypeKind
    {
        public static string Name => "point-slope";

        public static string Formula => "y = Σ_i w (x − c)";

        // d and a multiply-add; g = r; d and Σ g d, as Σ g does not depend on the input.
        public static LayerOperations Operations { get; } = new(Forward: 3, Slope: 0, Sums: 3, Input: 2);

        public static bool WeightIsParameter => true;

        public static bool OutputIsSum => true;

        public static T Weight<TMath, T>(T w) where TMath : IArithmetic<T> => w;

        public static T WeightSlope<TMath, T>(T w) where TMath : IArithmetic<T> => TMath.Create(1);

        public static T AddTerm<TMath, T>(T sum, T weight, T d) where TMath : IArithmetic<T> => TMath.MultiplyAdd(weight, d, sum);

        public static T Output<TMath, T>(T sum) where TMath : IArithmetic<T> => sum;

        public static T Order<TMath, T>(T sum) where TMath : IArithmetic<T> => sum;

        public static T Sum<TMath, T>(T output) where TMath : IArithmetic<T> => output;

        public static T Ratio<TMath, T>(T dy, T y) where TMath : IArithmetic<T> => dy;

        public static T Slope<TMath, T>(T r, T d) where TMath : IArithmetic<T> => r;

        public static T Change<TMath, T>(T sum, T weight, T point, T from, T to) where TMath : IArithmetic<T> =>
            TMath.MultiplyAdd(TMath.Subtract(to, from), weight, sum);
    }
}
