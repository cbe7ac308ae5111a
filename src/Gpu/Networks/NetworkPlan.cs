using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>What a parameter tensor is to its layer; decides its initial values.</summary>
public enum ParameterRole
{
    /// <summary>W of Linear or the slopes w of PointSlope.</summary>
    Weight,

    /// <summary>b of Linear.</summary>
    Bias,

    /// <summary>The prototypes μ of OffsetL2.</summary>
    Mu,

    /// <summary>The weights α of OffsetL2.</summary>
    Alpha,

    /// <summary>The offsets c of PointSlope.</summary>
    Offset,
}

/// <summary>One named tensor of a plan's parameters.</summary>
/// <remarks>
/// It exists in two layouts. The <i>host</i> layout is PyTorch's: the tensors one after the other, each row-major with the
/// shape that PyTorch gives it. The <i>device</i> layout holds W of Linear as [inputs, outputs], so that products read it
/// along the outputs, and pads rows and columns with zeros (<see cref="NetworkPlan.Padded"/>), so that no tile of a matrix
/// product has an edge inside a tensor.
/// </remarks>
public sealed record ParameterTensor
{
    /// <summary>The key in saved files, that of a torch.nn.Sequential: <c>layer index.parameter</c>, e.g. <c>2.alpha</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the tensor is to its layer.</summary>
    public required ParameterRole Role { get; init; }

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

    /// <summary>Whether the device holds the transpose.</summary>
    public required bool Transposed { get; init; }

    /// <summary>Rows in the device layout, each of <see cref="DeviceStride"/> floats.</summary>
    public int DeviceRows => Shape.Count == 1 ? 1 : Transposed ? Shape[1] : Shape[0];

    /// <summary>Values in a row of the device layout, without padding.</summary>
    public int DeviceColumns => Shape.Count == 1 || Transposed ? Shape[0] : Shape[1];

    /// <summary>Floats from one row of the device layout to the next.</summary>
    public int DeviceStride => NetworkPlan.Padded(DeviceColumns);

    /// <summary>Rows that the tensor occupies on the device, those of padding included: a multiple of the depth of the kernels' tiles.</summary>
    public int PaddedRows => Shape.Count == 1 ? 1 : NetworkPlan.RoundUp(DeviceRows, NetworkPlan.TileDepth);

    /// <summary>Floats that the tensor occupies on the device, rows of padding included.</summary>
    public int DeviceCount => PaddedRows * DeviceStride;
}

/// <summary>One layer of a plan, with its widths and parameters.</summary>
/// <param name="Index">Position in the network, counted from 0.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Width of its output.</param>
/// <param name="Tensors">Its parameters: W and b of Linear, μ and α of OffsetL2, w and c of PointSlope; else none.</param>
public sealed record PlannedLayer(int Index, Layer Layer, int Inputs, int Outputs, IReadOnlyList<ParameterTensor> Tensors)
{
    /// <summary>Floats from one sample's input to the next.</summary>
    public int InputStride => NetworkPlan.Padded(Inputs);

    /// <summary>Floats from one sample's output to the next.</summary>
    public int OutputStride => NetworkPlan.Padded(Outputs);

    /// <summary>The layer's tensor with the given role, or null where it has none.</summary>
    public ParameterTensor? Find(ParameterRole role) => Tensors.FirstOrDefault(tensor => tensor.Role == role);
}

/// <summary>
/// A network with all widths decided: for each layer its widths and the places of its parameters in one flat buffer.
/// Gradients have the layout of the parameters, so that whatever touches all of them is one operation.
/// </summary>
/// <remarks>
/// Invariant of both executors: padding, in parameters, gradients and activations, is always zero.
/// </remarks>
public sealed class NetworkPlan
{
    /// <summary>Rows on the device begin at multiples of this many floats: 64 bytes, a cache line and the widest vector.</summary>
    public const int RowAlignment = 16;

    /// <summary>The number of samples in a block of the SIMD executor is padded to a multiple of this: the tallest tile of its products.</summary>
    public const int TileRows = 8;

    /// <summary>The number of a parameter tensor's rows on the device is a multiple of this: the depth of the kernels' tiles.</summary>
    public const int TileDepth = 16;

    /// <summary>More parameters than this are refused (1 GiB of float32, of which an executor holds several copies).</summary>
    public const int LargestParameterCount = 1 << 28;

    /// <summary>The network that was compiled.</summary>
    public Network Network { get; }

    /// <summary>Width of the input, in values per sample.</summary>
    public int Inputs { get; }

    /// <summary>Number of classes, the width of the last layer.</summary>
    public int Classes { get; }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<PlannedLayer> Layers { get; }

    /// <summary>All tensors in the order of the layers.</summary>
    public IReadOnlyList<ParameterTensor> Tensors { get; }

    /// <summary>Number of parameters: the length of the host layout, in floats.</summary>
    public int ParameterCount { get; }

    /// <summary>Length of the device layout, in floats, padding included.</summary>
    public int DeviceParameterCount { get; }

    private NetworkPlan(Network network, int inputs, int classes, IReadOnlyList<PlannedLayer> layers, int parameters, int deviceParameters)
    {
        Network = network;
        Inputs = inputs;
        Classes = classes;
        Layers = layers;
        Tensors = [.. layers.SelectMany(layer => layer.Tensors)];
        ParameterCount = parameters;
        DeviceParameterCount = deviceParameters;
    }

    /// <summary>Decides all widths and places.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">Values per sample, at least 1.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <exception cref="InputException">The network does not end in one value per class, has nothing to learn, or is too large.</exception>
    public static NetworkPlan Compile(Network network, int inputs, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);

        var layers = new List<PlannedLayer>();
        long offset = 0, deviceOffset = 0;
        int width = inputs;
        for (int i = 0; i < network.Layers.Count; i++)
        {
            Layer layer = network.Layers[i];
            int outputs = layer.OutputsFor(width);
            var tensors = new List<ParameterTensor>();
            void Add(string name, ParameterRole role, bool transposed, params int[] shape)
            {
                long count = shape.Aggregate(1L, (product, n) => product * n);
                long padded = shape.Aggregate(1L, (product, n) => product * Padded((int)Math.Min(n, LargestParameterCount)));
                if (padded > LargestParameterCount || deviceOffset + padded > LargestParameterCount)
                {
                    throw new InputException(
                        $"layer {i + 1}, \"{layer}\": with {count:N0} values ({ByteCount.Text(HostMemory.BytesOf<float>((UInt128)count))}) in {name} the network " +
                        $"has more than {LargestParameterCount:N0} parameters; use a smaller width");
                }
                var tensor = new ParameterTensor
                {
                    Name = $"{i}.{name}",
                    Role = role,
                    Shape = shape,
                    FanIn = width,
                    Offset = (int)offset,
                    DeviceOffset = (int)deviceOffset,
                    Transposed = transposed,
                };
                tensors.Add(tensor);
                offset += count;
                deviceOffset += tensor.DeviceCount;
            }

            switch (layer)
            {
                case Linear linear:
                    Add("weight", ParameterRole.Weight, transposed: true, outputs, width);
                    if (linear.Bias)
                        Add("bias", ParameterRole.Bias, transposed: false, outputs);
                    break;
                case OffsetL2:
                    Add("mu", ParameterRole.Mu, transposed: false, outputs, width);
                    Add("alpha", ParameterRole.Alpha, transposed: false, outputs, width);
                    break;
                case PointSlope:
                    Add("weight", ParameterRole.Weight, transposed: false, outputs, width);
                    Add("offset", ParameterRole.Offset, transposed: false, outputs, width);
                    break;
            }
            layers.Add(new PlannedLayer(i, layer, width, outputs, tensors));
            width = outputs;
        }

        PlannedLayer last = layers[^1];
        if (width != classes)
        {
            throw new InputException(
                $"layer {layers.Count}, \"{last.Layer}\": the network ends with {width} outputs, but the data has {classes} classes");
        }
        if (offset == 0)
            throw new InputException($"layer {layers.Count}, \"{last.Layer}\": no layer of \"{network}\" has parameters, there is nothing to learn");
        return new NetworkPlan(network, inputs, classes, layers, (int)offset, (int)deviceOffset);
    }

    /// <summary>
    /// The floats that a row of <paramref name="width"/> values occupies on the device: 16, 32, or a multiple of 64, the
    /// widths of the SIMD tiles. (A row of 100 computes faster as one of 128 than as tiles of 64, 32 and 16.)
    /// </summary>
    public static int Padded(int width) => width <= 16 ? 16 : width <= 32 ? 32 : RoundUp(width, 64);

    /// <summary>The rows that a block of <paramref name="rows"/> samples occupies in the SIMD executor.</summary>
    public static int PaddedRows(int rows) => RoundUp(rows, TileRows);

    internal static int RoundUp(int n, int multiple) => (n + multiple - 1) / multiple * multiple;

    /// <summary>Copies parameters from the host layout to the device layout; padding becomes zero.</summary>
    /// <param name="host">[<see cref="ParameterCount"/>]</param>
    /// <param name="device">[<see cref="DeviceParameterCount"/>]</param>
    public void ToDevice(ReadOnlySpan<float> host, Span<float> device)
    {
        device.Clear();
        foreach (ParameterTensor tensor in Tensors)
        {
            var source = host.Slice(tensor.Offset, tensor.Count);
            var target = device.Slice(tensor.DeviceOffset, tensor.DeviceCount);
            for (int row = 0; row < tensor.DeviceRows; row++)
            {
                for (int column = 0; column < tensor.DeviceColumns; column++)
                    target[row * tensor.DeviceStride + column] = source[HostIndex(tensor, row, column)];
            }
        }
    }

    /// <summary>Copies parameters or gradients from the device layout to the host layout.</summary>
    /// <param name="device">[<see cref="DeviceParameterCount"/>]</param>
    /// <param name="host">[<see cref="ParameterCount"/>]</param>
    public void ToHost(ReadOnlySpan<float> device, Span<float> host)
    {
        foreach (ParameterTensor tensor in Tensors)
        {
            var source = device.Slice(tensor.DeviceOffset, tensor.DeviceCount);
            var target = host.Slice(tensor.Offset, tensor.Count);
            for (int row = 0; row < tensor.DeviceRows; row++)
            {
                for (int column = 0; column < tensor.DeviceColumns; column++)
                    target[HostIndex(tensor, row, column)] = source[row * tensor.DeviceStride + column];
            }
        }
    }

    private static int HostIndex(ParameterTensor tensor, int row, int column) =>
        tensor.Transposed ? column * tensor.DeviceRows + row : row * tensor.DeviceColumns + column;
}
