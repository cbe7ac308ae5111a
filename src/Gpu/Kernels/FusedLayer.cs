using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>A layer with parameters and the elementwise layers that come before it.</summary>
/// <param name="Before">The elementwise layers as one function.</param>
/// <param name="Kernels">The layer.</param>
internal sealed record FusedLayer(Activation Before, LayerKernels Kernels)
{
    /// <summary>The layer.</summary>
    public PlannedLayer Planned => Kernels.Planned;

    /// <summary>Divides a plan; what comes behind the last layer with parameters is left over.</summary>
    public static (FusedLayer[] Stages, Activation After) Divide(NetworkPlan plan, KernelQueue queue)
    {
        var stages = new List<FusedLayer>();
        foreach (PlannedLayer planned in plan.Layers.Where(layer => layer.HasParameters))
        {
            stages.Add(new FusedLayer(Between(plan, stages.LastOrDefault(), planned.Index),
                planned.Layer.Accept(new KernelsMaker(planned, queue))));
        }

        return ([.. stages], Between(plan, stages[^1], plan.Layers.Count));
    }

    /// <summary>The elementwise layers behind a stage (null: from the input) and before a layer, as one function.</summary>
    public static Activation Between(NetworkPlan plan, FusedLayer? stage, int end) =>
        Activation.Of(plan, stage is null ? 0 : stage.Planned.Index + 1, end);
}
