using ILGPU;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// One layer of a plan as kernels: a launcher for each direction. Activations and their gradients are [rows, stride] with
/// the plan's strides; kernels write the columns that exist and leave the padding zero.
/// </summary>
/// <param name="planned">The layer with its widths and the places of its parameters.</param>
internal abstract class KernelLayer(PlannedLayer planned)
{
    protected PlannedLayer Planned { get; } = planned;

    /// <summary>A tensor of this layer in a buffer with the parameters' layout; a view of length 0 where it has none.</summary>
    protected ArrayView<float> Tensor(ArrayView<float> buffer, ParameterRole role) =>
        Planned.Find(role) is { } tensor ? buffer.SubView(tensor.DeviceOffset, tensor.DeviceCount) : buffer.SubView(0, 0);

    /// <summary>Computes y from x.</summary>
    public abstract void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters);

    /// <summary>Adds to the gradients and, unless dx is empty (the first layer), computes dx.</summary>
    public abstract void Backward(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters,
        ArrayView<float> gradients);
}

/// <summary>What a layer reads: the float outputs of the layer before it or, for a first Linear, the samples as they are.</summary>
/// <param name="Rows">Number of samples.</param>
/// <param name="Floats">[rows, stride], or empty.</param>
/// <param name="Samples">Where the floats are empty: the samples themselves.</param>
internal readonly record struct LayerInput(int Rows, ArrayView<float> Floats, SampleRows Samples)
{
    /// <summary>Whether the samples are read directly.</summary>
    public bool IsSamples => Floats.Length == 0;
}

/// <summary>Consecutive samples on the device with their scaling; one of the two views is empty.</summary>
/// <param name="Bytes">[rows, width]</param>
/// <param name="Floats">[rows, width]</param>
/// <param name="Scale">The factor in x = scale · value + shift.</param>
/// <param name="Shift">The summand.</param>
internal readonly record struct SampleRows(ArrayView<byte> Bytes, ArrayView<float> Floats, float Scale, float Shift);
