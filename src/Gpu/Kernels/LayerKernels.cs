using ILGPU;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// A layer with parameters, together with the elementwise layers before it, as kernels. Activations and their gradients are
/// [rows, stride] with the plan's strides; kernels write the padding along, as zeros.
/// </summary>
/// <param name="planned">The layer with its widths and the places of its parameters.</param>
/// <param name="queue">Where it is launched.</param>
internal abstract class LayerKernels(PlannedLayer planned, KernelQueue queue)
{
    /// <summary>The layer.</summary>
    public PlannedLayer Planned { get; } = planned;

    /// <summary>Where its parameters begin in the device layout, in groups of four floats.</summary>
    public int First4 => Planned.Tensors[0].DeviceOffset / 4;

    /// <summary>Length of its parameters in the device layout, in groups of four floats.</summary>
    public int Length4 => Planned.Tensors.Sum(tensor => tensor.DeviceCount) / 4;

    /// <summary>Tiles of the gradient of its parameters: groups that can work side by side on one slice of the samples.</summary>
    public abstract int GradientTiles { get; }

    protected KernelQueue Queue { get; } = queue;

    protected int InputStride4 => Planned.InputStride / 4;

    protected int OutputStride4 => Planned.OutputStride / 4;

    /// <summary>A tensor of this layer in a buffer with the parameters' layout; a view of length 0 where it has none.</summary>
    protected ArrayView<Float4> Tensor(ArrayView<float> buffer, ParameterRole role) =>
        (Planned.Find(role) is { } tensor ? buffer.SubView(tensor.DeviceOffset, tensor.DeviceCount) : buffer.SubView(0, 0))
            .Cast<Float4>();

    /// <summary>The sizes of a launch.</summary>
    protected WorkShape ShapeOf(in LayerInput x, int slices = 1) =>
        new(x.Rows, Planned.Inputs, Planned.Outputs, slices, x.IsBytes ? sizeof(byte) : sizeof(float));

    /// <summary>Computes y from x.</summary>
    public abstract void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters);

    /// <summary>Adds to the slices of the parameters' gradients.</summary>
    public abstract void ParameterGradient(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> parameters, in GradientSlices slices);

    /// <summary>
    /// Computes the gradient of what the layer before it stored: through this layer and the elementwise ones between them.
    /// </summary>
    public abstract void InputGradient(in LayerInput x,
        ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters);
}

/// <summary>What a layer reads: the stored output of the layer before it, or the samples.</summary>
/// <param name="Floats">Where it is floats.</param>
/// <param name="Bytes">Where it is bytes.</param>
/// <param name="IsBytes">Which of the two.</param>
internal readonly record struct LayerInput(FloatSource Floats, ByteSource Bytes, bool IsBytes)
{
    /// <summary>Number of samples.</summary>
    public int Rows => IsBytes ? Bytes.Rows : Floats.Rows;

    /// <summary>What a layer stored.</summary>
    /// <param name="values">[rows, stride] at least.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">Number of samples.</param>
    /// <param name="activation">The elementwise layers before the layer that reads it.</param>
    public static LayerInput Stored(ArrayView<float> values, int stride, int rows, Activation activation) =>
        new(new FloatSource(values.Cast<Float4>(), stride / 4, rows, Scale: 1, Shift: 0, activation), default, IsBytes: false);
}

/// <summary>
/// A layer's sums over samples, split into slices so that many groups can work on them. They are added up, in their order,
/// when the batch is complete (<see cref="SliceSums"/>).
/// </summary>
/// <param name="Sums">[slices, <see cref="Stride4"/>]: the layer's part of the parameters' layout, for each slice.</param>
/// <param name="Stride4">Groups of four floats from one slice to the next.</param>
/// <param name="First4">Where the layer begins in the parameters' layout, in groups of four floats.</param>
/// <param name="Rows">Samples in a slice, a multiple of <see cref="Tiles.Depth"/>.</param>
/// <param name="Adds">1 where the sums of earlier chunks of the batch are kept, 0 where they are overwritten.</param>
internal readonly record struct GradientSlices(ArrayView<Float4> Sums, int Stride4, int First4, int Rows, int Adds)
{
    /// <summary>Number of slices.</summary>
    public int Count => (int)(Sums.Length / Stride4);

    /// <summary>Adds to one place of the parameters' layout in one slice, or sets it.</summary>
    public void Put(int slice, int index4, Float4 value)
    {
        long at = (long)slice * Stride4 + index4 - First4;
        Sums[at] = Adds != 0 ? Sums[at] + value : value;
    }

    /// <summary>The same for a product.</summary>
    public void Put(int slice, int index4, Float4 a, Float4 b)
    {
        long at = (long)slice * Stride4 + index4 - First4;
        Sums[at] = Float4.MultiplyAdd(a, b, Adds != 0 ? Sums[at] : default);
    }
}
