namespace IlgpuDistance.Gpu.Networks;

/// <summary>One layer of a plan, with its widths and parameters.</summary>
/// <param name="Index">Position in the network, counted from 0.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Width of its output.</param>
/// <param name="Tensors">Its parameters.</param>
public sealed record PlannedLayer(int Index, Layer Layer, int Inputs, int Outputs, IReadOnlyList<ParameterTensor> Tensors)
{
    /// <summary>Whether there is something to learn.</summary>
    public bool HasParameters => Layer.HasParameters;

    /// <summary>Floats from one sample's input to the next.</summary>
    public int InputStride => NetworkPlan.Padded(Inputs);

    /// <summary>Floats from one sample's output to the next.</summary>
    public int OutputStride => NetworkPlan.Padded(Outputs);

    /// <summary>The layer's tensor with the given role, or null where it has none.</summary>
    public ParameterTensor? Find(ParameterRole role) => Tensors.FirstOrDefault(tensor => tensor.Role == role);
}
