namespace IlgpuDistance.Gpu.Networks;

/// <summary>A weighted distance to a learned prototype μ_j per output, with weights from α_j.</summary>
/// <param name="Outputs">Number of prototypes, at least 1.</param>
public abstract record DistanceLayer(int Outputs) : PrototypeLayer(Outputs)
{
    /// <summary>Standard deviation of the initial prototypes.</summary>
    public const double PrototypeDeviation = 0.1;

    /// <inheritdoc/>
    public sealed override ParameterRole PointRole => ParameterRole.Mu;

    /// <inheritdoc/>
    public sealed override ParameterRole WeightRole => ParameterRole.Alpha;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<TensorDescription> Tensors => [Prototypes, Weights];

    private static TensorDescription Prototypes { get; } = new("mu", ParameterRole.Mu, "prototypes μ", new NormalValues(PrototypeDeviation));

    private static TensorDescription Weights { get; } = new("alpha", ParameterRole.Alpha, "weights α", new EqualValues(1));
}
