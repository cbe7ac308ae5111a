using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>What comes behind a layer of a plan, up to the logits.</summary>
/// <param name="Before">The elementwise layers before the first layer with parameters; none where there is no such layer.</param>
/// <param name="Layers">The layers with parameters.</param>
/// <param name="After">The elementwise layers behind the last of them or, where there is none, all that is left.</param>
internal sealed record Tail(Activation Before, IReadOnlyList<PlannedLayer> Layers, Activation After)
{
    /// <summary>The tail of a plan behind a layer.</summary>
    public static Tail Of(NetworkPlan plan, int layer)
    {
        PlannedLayer[] layers = [.. plan.Layers.Skip(layer + 1).Where(later => later.HasParameters)];
        return layers.Length == 0
            ? new Tail(Activation.Identity, layers, Activation.Of(plan, layer + 1, plan.Layers.Count))
            : new Tail(
                Activation.Of(plan, layer + 1, layers[0].Index), layers,
                Activation.Of(plan, layers[^1].Index + 1, plan.Layers.Count));
    }
}
