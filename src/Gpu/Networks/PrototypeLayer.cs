namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// A layer that compares its input with a point p_j per output and weights each difference: y_j comes from a sum over i of what
/// a_ji makes of x_i − p_ji, with p and a parameter for a: [outputs, inputs].
/// </summary>
/// <param name="Outputs">Number of outputs, at least 1.</param>
public abstract record PrototypeLayer(int Outputs) : Layer
{
    /// <summary>The role of the points p.</summary>
    public abstract ParameterRole PointRole { get; }

    /// <summary>The role of the parameters that the weights a come from.</summary>
    public abstract ParameterRole WeightRole { get; }

    /// <inheritdoc/>
    public sealed override int OutputsFor(int inputs) => Outputs;
}
