namespace IlgpuDistance.Gpu.Networks;

/// <summary>A weighted distance to a learned prototype μ_j per output, with weights from α_j.</summary>
/// <param name="Outputs">Number of prototypes, at least 1.</param>
public abstract record DistanceLayer(int Outputs) : PrototypeLayer(Outputs)
{
    /// <summary>Standard deviation of the initial prototypes.</summary>
    public const double PrototypeDeviation = 0.1;

    /// <summary>Of what classes it would have to learn center and spread.</summary>
    public abstract ClassModel Model { get; }

    /// <summary>The factor of |x_i − μ_i| in the distance, from α_i.</summary>
    public abstract float ScaleOf(float alpha);

    /// <summary>A layer of this kind in which α, not negative, is that factor.</summary>
    public abstract DistanceLayer Scaled(int outputs);

    /// <inheritdoc/>
    public sealed override ParameterRole PointRole => ParameterRole.Mu;

    /// <inheritdoc/>
    public sealed override ParameterRole WeightRole => ParameterRole.Alpha;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<TensorDescription> Tensors => [Prototypes, Weights];

    private static TensorDescription Prototypes { get; } =
        new("mu", ParameterRole.Mu, "prototypes μ", new NormalValues(PrototypeDeviation));

    private static TensorDescription Weights { get; } = new("alpha", ParameterRole.Alpha, "weights α", new EqualValues(1));
}
