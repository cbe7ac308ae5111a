namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = x Wᵀ + b, with W: [outputs, inputs], b: [outputs].</summary>
/// <param name="Outputs">Number of outputs, at least 1.</param>
/// <param name="Bias">Whether the layer has b.</param>
public sealed record Linear(int Outputs, bool Bias = true) : Layer
{
    /// <summary>How it is written.</summary>
    internal static LayerSyntax Syntax { get; } = new(
        "linear", "N weighted sums, each with a bias; without it: linear(N, bias: false).",
        (outputs, choice, _) => new Linear(outputs, Bias: choice != 1))
    {
        Option = new("bias", "true", "false"),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<TensorDescription> Tensors => Bias ? [Weights, Biases] : [Weights];

    /// <inheritdoc/>
    public override int OutputsFor(int inputs) => Outputs;

    private protected override string Text => Syntax.Write(Outputs, Bias ? 0 : 1);

    // The transpose, so that products read it along the outputs.
    private static TensorDescription Weights { get; } = new("weight", ParameterRole.Weight, "weights", new UniformValues()) { IsTransposed = true };

    private static TensorDescription Biases { get; } = new("bias", ParameterRole.Bias, "biases", new UniformValues()) { IsVector = true };
}
