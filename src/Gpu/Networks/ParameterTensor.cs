namespace IlgpuDistance.Gpu.Networks;

/// <summary>One named tensor of a plan's parameters.</summary>
/// <remarks>
/// It exists in two layouts. The <i>host</i> layout is PyTorch's: the tensors one after the other, each row-major with the
/// shape that PyTorch gives it. The <i>device</i> layout holds W of Linear as [inputs, outputs], so that products read it
/// along the outputs, and pads rows and columns with zeros (<see cref="NetworkPlan.Padded"/>), so that no tile of a matrix
/// product has an edge inside a tensor.
/// </remarks>
public sealed record ParameterTensor
{
    /// <summary>
    /// The key in saved files, that of a torch.nn.Sequential: <c>layer index.parameter</c>, e.g. <c>2.alpha</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>What its layer says of it.</summary>
    public required TensorDescription Description { get; init; }

    /// <summary>What the tensor is to its layer.</summary>
    public ParameterRole Role => Description.Role;

    /// <summary>PyTorch's shape: [outputs, inputs] or, for a bias, [outputs].</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>The number of inputs of the layer.</summary>
    public required int FanIn { get; init; }

    /// <summary>Number of values.</summary>
    public int Count => Shape.Aggregate(1, (product, n) => product * n);

    /// <summary>Position of the first value in the host layout, in floats.</summary>
    public required int Offset { get; init; }

    /// <summary>Position of the first value in the device layout, in floats.</summary>
    public required int DeviceOffset { get; init; }

    /// <summary>Rows in the device layout, each of <see cref="DeviceStride"/> floats.</summary>
    public int DeviceRows => Shape.Count == 1 ? 1 : Description.IsTransposed ? Shape[1] : Shape[0];

    /// <summary>Values in a row of the device layout, without padding.</summary>
    public int DeviceColumns => Shape.Count == 1 || Description.IsTransposed ? Shape[0] : Shape[1];

    /// <summary>Floats from one row of the device layout to the next.</summary>
    public int DeviceStride => NetworkPlan.Padded(DeviceColumns);

    /// <summary>
    /// Rows that the tensor occupies on the device, those of padding included: a multiple of the depth of the kernels' tiles.
    /// </summary>
    public int RowsInTiles => Shape.Count == 1 ? 1 : NetworkPlan.RoundUp(DeviceRows, NetworkPlan.TileDepth);

    /// <summary>Floats that the tensor occupies on the device, rows of padding included.</summary>
    public int DeviceCount => RowsInTiles * DeviceStride;
}
