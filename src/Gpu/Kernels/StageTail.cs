using ILGPU;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>What comes behind a layer of a plan, as stages.</summary>
/// <param name="Tail">What comes behind it.</param>
/// <param name="Stages">All stages of the plan.</param>
internal sealed record StageTail(Tail Tail, FusedLayer[] Stages)
{
    /// <summary>Index of the first stage; the number of the plan's stages where none is left.</summary>
    private int First => Stages.Length - Tail.Layers.Count;

    /// <summary>Runs the stages.</summary>
    /// <param name="outputs">The layer's outputs: [rows, stride].</param>
    /// <param name="rows">Number of samples.</param>
    /// <param name="workspace">Takes what the stages store.</param>
    /// <param name="parameters">All parameters.</param>
    /// <returns>What is stored last, from which <see cref="Tail.After"/> makes logits.</returns>
    public ArrayView<float> Forward(ArrayView<float> outputs, int rows, Workspace workspace, ArrayView<float> parameters)
    {
        ArrayView<float> stored = outputs;
        for (int i = First; i < Stages.Length; i++)
        {
            FusedLayer stage = Stages[i];
            var input = LayerInput.Stored(stored, stage.Planned.InputStride, rows, i == First ? Tail.Before : stage.Before);
            stored = workspace.OutputOf(i);
            stage.Kernels.Forward(input, stored, parameters);
        }
        return stored;
    }
}
