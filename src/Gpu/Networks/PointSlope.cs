namespace IlgpuDistance.Gpu.Networks;

/// <summary>y_j = Σ_i w_ji (x_i − c_ji), with the slopes w and the offsets c: [outputs, inputs].</summary>
/// <param name="Outputs">Number of outputs, at least 1.</param>
public sealed record PointSlope(int Outputs) : PrototypeLayer(Outputs)
{
    /// <summary>How it is written.</summary>
    internal static LayerSyntax Syntax { get; } = new(
        "point-slope", "N weighted sums of distances to learned points, without a bias.",
        (outputs, _, _) => new PointSlope(outputs));

    /// <inheritdoc/>
    public override ParameterRole PointRole => ParameterRole.Offset;

    /// <inheritdoc/>
    public override ParameterRole WeightRole => ParameterRole.Weight;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorDescription> Tensors => [Slopes, Points];

    private protected override string Text => Syntax.Write(Outputs);

    private static TensorDescription Slopes { get; } = new("weight", ParameterRole.Weight, "weights", new UniformValues());

    private static TensorDescription Points { get; } = new("offset", ParameterRole.Offset, "offsets c", new EqualValues(0));
}
