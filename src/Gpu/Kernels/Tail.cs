using ILGPU;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>What comes behind a layer of a plan, up to the logits.</summary>
/// <param name="Before">The elementwise layers before the first stage or, where there is no stage, all that is left.</param>
/// <param name="First">Index of the first stage; the number of the plan's stages where none is left.</param>
/// <param name="Stages">All stages of the plan.</param>
/// <param name="After">The elementwise layers from what is stored last to the logits.</param>
internal sealed record Tail(Activation Before, int First, FusedLayer[] Stages, Activation After)
{
    /// <summary>The tail of a plan behind a layer.</summary>
    public static Tail Of(NetworkPlan plan, FusedLayer[] stages, int layer)
    {
        int first = stages.Count(stage => stage.Planned.Index <= layer);
        int end = first < stages.Length ? stages[first].Planned.Index : plan.Layers.Count;
        Activation before = Activation.Of(plan.Layers.Take(end).Skip(layer + 1).Select(later => later.Layer));
        return new Tail(before, first, stages, first < stages.Length ? FusedLayer.Between(plan, stages[^1], plan.Layers.Count) : before);
    }

    /// <summary>The only stage; null where there is none or several.</summary>
    public FusedLayer? OnlyStage => First == Stages.Length - 1 ? Stages[First] : null;

    /// <summary>Runs the stages.</summary>
    /// <param name="outputs">The layer's outputs: [rows, stride].</param>
    /// <param name="rows">Number of samples.</param>
    /// <param name="workspace">Takes what the stages store.</param>
    /// <param name="parameters">All parameters.</param>
    /// <returns>What is stored last, from which <see cref="After"/> makes logits.</returns>
    public ArrayView<float> Forward(ArrayView<float> outputs, int rows, Workspace workspace, ArrayView<float> parameters)
    {
        ArrayView<float> stored = outputs;
        for (int i = First; i < Stages.Length; i++)
        {
            FusedLayer stage = Stages[i];
            var input = LayerInput.Stored(stored, stage.Planned.InputStride, rows, i == First ? Before : stage.Before);
            stored = workspace.OutputOf(i);
            stage.Kernels.Forward(input, stored, parameters);
        }
        return stored;
    }
}
