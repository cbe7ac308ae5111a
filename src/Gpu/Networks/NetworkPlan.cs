using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// A network with all widths decided: for each layer its widths and the places of its parameters in one flat buffer.
/// Gradients have the layout of the parameters, so that whatever touches all of them is one operation.
/// </summary>
/// <remarks>
/// Invariant of both executors: padding, in parameters, gradients and activations, is always zero.
/// </remarks>
public sealed class NetworkPlan
{
    /// <summary>
    /// Rows on the device begin at multiples of this many floats: 64 bytes, a cache line and the widest vector.
    /// </summary>
    public const int RowAlignment = 16;

    /// <summary>
    /// The number of samples in a block of the SIMD executor is padded to a multiple of this: the tallest tile of its products.
    /// </summary>
    public const int TileRows = 8;

    /// <summary>
    /// The number of a parameter tensor's rows on the device is a multiple of this: the depth of the kernels' tiles.
    /// </summary>
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

    private NetworkPlan(Network network, int inputs, int classes, IReadOnlyList<PlannedLayer> layers, int parameters,
        int deviceParameters)
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
    /// <exception cref="InputException">
    /// The network does not end in one value per class, has nothing to learn, or is too large.
    /// </exception>
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
            foreach (TensorDescription description in layer.Tensors)
            {
                IReadOnlyList<int> shape = description.ShapeFor(width, outputs);
                long count = shape.Aggregate(1L, (product, n) => product * n);
                long padded = shape.Aggregate(1L, (product, n) => product * Padded((int)Math.Min(n, LargestParameterCount)));
                if (padded > LargestParameterCount || deviceOffset + padded > LargestParameterCount)
                {
                    string bytes = ByteCount.Text(HostMemory.BytesOf<float>((UInt128)count));
                    throw new InputException(
                        $"layer {i + 1}, \"{layer}\": with {count:N0} values ({bytes}) in {description.Name} the network " +
                            $"has more than " +
                        $"{LargestParameterCount:N0} parameters; use a smaller width");
                }
                var tensor = new ParameterTensor
                {
                    Name = $"{i}.{description.Name}",
                    Description = description,
                    Shape = shape,
                    FanIn = width,
                    Offset = (int)offset,
                    DeviceOffset = (int)deviceOffset,
                };
                tensors.Add(tensor);
                offset += count;
                deviceOffset += tensor.DeviceCount;
            }
            layers.Add(new PlannedLayer(i, layer, width, outputs, tensors));
            width = outputs;
        }

        PlannedLayer last = layers[^1];
        if (width != classes)
        {
            throw new InputException(
                $"layer {layers.Count}, \"{last.Layer}\": the network ends with {width} outputs, but the data has {classes} " +
                    $"classes");
        }
        if (offset == 0)
        {
            throw new InputException(
                $"layer {layers.Count}, \"{last.Layer}\": no layer of \"{network}\" has parameters, there is nothing to learn");
        }

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
        tensor.Description.IsTransposed ? column * tensor.DeviceRows + row : row * tensor.DeviceColumns + column;
}
