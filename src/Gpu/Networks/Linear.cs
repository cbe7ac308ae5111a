using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = x Wᵀ + b, with W: [outputs, inputs], b: [outputs].</summary>
/// <param name="Outputs">Number of outputs, at least 1.</param>
/// <param name="Bias">Whether the layer has b.</param>
public sealed record Linear(int Outputs, bool Bias = true) : Layer
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Layer> Syntax { get; } = new(
        "linear(N, bias: true|false)", "N weighted sums, each with a bias unless it is said otherwise.",
        call => new Linear(call.Outputs(), call.Flag("bias", otherwise: true)));

    /// <inheritdoc/>
    public override IReadOnlyList<TensorDescription> Tensors => Bias ? [Weights, Biases] : [Weights];

    /// <inheritdoc/>
    public override int OutputsFor(int inputs) => Outputs;

    internal override LayerOperations Operations => Work;

    internal override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Linear();

    private protected override string Text => CallText.Write(Syntax.Name, Outputs, Bias ? null : "bias: false");

    /// <summary>A multiply-add per weight.</summary>
    internal static LayerOperations Work { get; } = new(Forward: 2, Slope: 0, Sums: 2, Input: 2);

    // The transpose, so that products read it along the outputs.
    private static TensorDescription Weights { get; } =
        new("weight", ParameterRole.Weight, "weights", new UniformValues()) { IsTransposed = true };

    private static TensorDescription Biases { get; } =
        new("bias", ParameterRole.Bias, "biases", new UniformValues()) { IsVector = true };

    /// <summary>v = Σ_i W_ji x_i and, as clamps leave it alone, b_j: the output.</summary>
    internal readonly struct Sum : IInputSum
    {
        public static string Name => "linear";

        public static bool OutputIsSum => true;

        public static T Output<TMath, T>(T sum) where TMath : IArithmetic<T> => sum;

        public static T Order<TMath, T>(T sum) where TMath : IArithmetic<T> => sum;

        static T IInputSum.Sum<TMath, T>(T output) => output;

        public static T Change<TMath, T>(T sum, T weight, T point, T from, T to) where TMath : IArithmetic<T> =>
            TMath.MultiplyAdd(TMath.Subtract(to, from), weight, sum);
    }
}
