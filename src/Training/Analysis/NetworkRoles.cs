using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Analysis;

/// <summary>Which layers of a network the analyses look at, by their indices.</summary>
/// <param name="plan">The network.</param>
internal sealed class NetworkRoles(NetworkPlan plan)
{
    /// <summary>Activation layers, such as Abs and ReLU.</summary>
    public IReadOnlyList<int> Activations
    {
        get;
    } = [.. plan.Layers.Where(layer => layer.Layer is ElementwiseLayer { Bends: true }).Select(layer => layer.Index)];

    /// <summary>
    /// Hidden layers: what each layer with parameters reads from another such layer, behind all elementwise layers between the
    /// two. In the paper's networks it is the one between the two layers with parameters.
    /// </summary>
    public IReadOnlyList<int> Hidden { get; } =
        [.. plan.Layers.Where(layer => layer.HasParameters).Skip(1).Select(layer => layer.Index - 1)];

    /// <summary>
    /// What the first hidden activation layer gets, or, where there is none, the first hidden layer; null where the network has
    /// no hidden layer.
    /// </summary>
    public int? PreActivation { get; } = FindPreActivation(plan);

    /// <summary>The last layer that is no negation.</summary>
    public int Representation { get; } =
        plan.Layers.Last(layer => layer.Layer is not ElementwiseLayer { Bends: false } || layer.Index == 0).Index;

    /// <summary>
    /// The last layer that measures distances to prototypes, if its outputs are one per class; null where there is none.
    /// </summary>
    public int? Prototypes { get; } =
        plan.Layers.LastOrDefault(layer => layer.HasParameters) is { Layer: DistanceLayer, Index: var index } ? index : null;

    private static int? FindPreActivation(NetworkPlan plan)
    {
        int[] withParameters = [.. plan.Layers.Where(layer => layer.HasParameters).Select(layer => layer.Index)];
        if (withParameters.Length < 2)
            return null;
        PlannedLayer? activation = plan.Layers.Skip(withParameters[0])
            .FirstOrDefault(layer => layer.Layer is ElementwiseLayer { Bends: true });
        return activation is not null && activation.Index < withParameters[^1] ? activation.Index - 1 : withParameters[1] - 1;
    }
}
