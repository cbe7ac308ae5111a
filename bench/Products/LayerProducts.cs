using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Bench.Products;

/// <summary>A Linear layer on an accelerator with random input, and its products by both kinds of kernels.</summary>
internal sealed class LayerProducts : IDisposable
{
    private readonly Accelerator _accelerator;
    private readonly KernelQueue _queue;
    private readonly NetworkPlan _plan;
    private readonly LayerKernels _layer;
    private readonly Workspace _workspace;
    private readonly UploadedSamples _samples;
    private readonly LayerInput _input;
    private readonly int _rows;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _parameters, _outputGradient;
    private readonly Results _plain, _tiled;

    /// <param name="device">Where it runs.</param>
    /// <param name="rows">Samples.</param>
    /// <param name="inputs">Inputs of the layer.</param>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="isBytes">Whether it reads bytes, as the first layer of a network does, or floats.</param>
    public LayerProducts(ComputeDevice device, int rows, int inputs, int outputs, bool isBytes)
    {
        Accelerator accelerator = _accelerator = device.AcceleratorFor(Tiles.GroupSize);
        _rows = rows;
        _queue = new KernelQueue(accelerator);
        _plan = NetworkPlan.Compile(Network.Parse($"linear({outputs})"), inputs, outputs);
        (FusedLayer[] stages, _) = FusedLayer.Divide(_plan, _queue);
        _layer = stages[0].Kernels;
        _workspace = Workspace.Create(stages, accelerator, RateFactors.None, rows);

        var random = new Random(1);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        byte[] bytes = new byte[rows * inputs], labels = new byte[rows];
        random.NextBytes(bytes);
        _samples = new UploadedSamples(
            new ExecutorContract(_plan, device), accelerator,
            isBytes ? new Samples(bytes, labels, inputs) : new Samples(Draw(rows * inputs), labels, inputs), rows);
        _input = _samples.Rows(0, rows, stages[0].Before);

        float[] parameters = new float[_plan.DeviceParameterCount];
        _plan.ToDevice(Draw(_plan.ParameterCount), parameters);
        _parameters = accelerator.Allocate1D(parameters);
        int stride = Planned.OutputStride;
        float[] outputGradient = new float[rows * stride];
        for (int row = 0; row < rows; row++)
            Draw(outputs).CopyTo(outputGradient.AsSpan(row * stride));
        _outputGradient = accelerator.Allocate1D(outputGradient);
        _plain = new Results(accelerator, _plan, rows, InputStride);
        _tiled = new Results(accelerator, _plan, rows, InputStride);
    }

    /// <summary>The products that a network needs of this layer: of the first one no gradient of the input.</summary>
    public IEnumerable<Product> Products =>
        _input.IsBytes ? [Forward(), WeightGradient()] : [Forward(), WeightGradient(), InputGradient()];

    public void Dispose()
    {
        _plain.Dispose();
        _tiled.Dispose();
        _outputGradient.Dispose();
        _parameters.Dispose();
        _samples.Dispose();
        _workspace.Dispose();
    }

    private PlannedLayer Planned => _plan.Layers[0];

    private int InputStride => 4 * (_input.IsBytes ? _input.Bytes.Stride4 : _input.Floats.Stride4);

    private double Flop => 2.0 * _rows * Planned.Inputs * Planned.Outputs;

    private string Shape => $"{Planned.Inputs}→{Planned.Outputs}, {(_input.IsBytes ? "bytes" : "floats")}";

    private Product Forward()
    {
        Action plain;
        ArrayView<float> bias = Tensor(_parameters, ParameterRole.Bias);
        Matrix<Floats> weight = Weight(_parameters), y = Matrix(_plain.Outputs, Planned.OutputStride);
        var shape = new Index2D(Planned.Outputs, _rows);
        if (_input.IsBytes)
        {
            var kernel = _accelerator.LoadAutoGroupedStreamKernel<
                Index2D, Matrix<Bytes>, Matrix<Floats>, ArrayView<float>, Matrix<Floats>, int>(PlainKernels.Forward);
            plain = () => kernel(shape, InputBytes, weight, bias, y, Planned.Inputs);
        }
        else
        {
            var kernel = _accelerator.LoadAutoGroupedStreamKernel<
                Index2D, Matrix<Floats>, Matrix<Floats>, ArrayView<float>, Matrix<Floats>, int>(PlainKernels.Forward);
            plain = () => kernel(shape, InputFloats, weight, bias, y, Planned.Inputs);
        }
        return new Product(
            "forward", Shape, Flop, plain, () => _layer.Forward(_input, _tiled.Outputs.View, _parameters.View),
            () => _plain.Outputs.GetAsArray1D(), () => _tiled.Outputs.GetAsArray1D());
    }

    private Product WeightGradient()
    {
        Action weights;
        Matrix<Floats> dy = Matrix(_outputGradient, Planned.OutputStride), gradient = Weight(_plain.Gradients);
        ArrayView<float> biasGradient = Tensor(_plain.Gradients, ParameterRole.Bias);
        var shape = new Index2D(Planned.Outputs, Planned.Inputs);
        if (_input.IsBytes)
        {
            var kernel = _accelerator.LoadAutoGroupedStreamKernel<
                Index2D, Matrix<Bytes>, Matrix<Floats>, Matrix<Floats>, int>(PlainKernels.WeightGradient);
            weights = () => kernel(shape, InputBytes, dy, gradient, _rows);
        }
        else
        {
            var kernel = _accelerator.LoadAutoGroupedStreamKernel<
                Index2D, Matrix<Floats>, Matrix<Floats>, Matrix<Floats>, int>(PlainKernels.WeightGradient);
            weights = () => kernel(shape, InputFloats, dy, gradient, _rows);
        }
        var bias = _accelerator.LoadAutoGroupedStreamKernel<Index1D, Matrix<Floats>, ArrayView<float>, int>(
            PlainKernels.BiasGradient);
        return new Product(
            "weight gradient", Shape, Flop,
            () =>
            {
                weights();
                bias(Planned.Outputs, dy, biasGradient, _rows);
            },
            () =>
            {
                _layer.ParameterGradient(_input, _tiled.Outputs.View, _outputGradient.View, _parameters.View,
                    _workspace.Slices(stage: 0, isFirst: true));
                AddSlices();
            },
            () => _plain.Gradients.GetAsArray1D(), () => _tiled.Gradients.GetAsArray1D());
    }

    /// <summary>The second stage of the tiled weight gradient.</summary>
    private void AddSlices() => _queue.Launch(
        SliceSums.Kernel, Tiles.Groups(_plan.DeviceParameterCount / 4), slices: 1,
        new(_tiled.Gradients.View.Cast<float, Float4>(), _workspace.Sums, _workspace.Ranges),
        new WorkShape(0, _plan.DeviceParameterCount, 0, _workspace.MeanSlices));

    private Product InputGradient()
    {
        var kernel = _accelerator.LoadAutoGroupedStreamKernel<
            Index2D, Matrix<Floats>, Matrix<Floats>, Matrix<Floats>, int>(PlainKernels.InputGradient);
        Matrix<Floats> dy = Matrix(_outputGradient, Planned.OutputStride), dx = Matrix(_plain.InputGradients, InputStride);
        return new Product(
            "input gradient", Shape, Flop,
            () => kernel(new Index2D(Planned.Inputs, _rows), dy, Weight(_parameters), dx, Planned.Outputs),
            () => _layer.InputGradient(_input, _tiled.Outputs.View, _outputGradient.View, _tiled.InputGradients.View,
                _parameters.View),
            () => _plain.InputGradients.GetAsArray1D(), () => _tiled.InputGradients.GetAsArray1D());
    }

    private Matrix<Bytes> InputBytes => new(new Bytes(_input.Bytes.Values.Cast<byte>()), InputStride);

    private Matrix<Floats> InputFloats => new(new Floats(_input.Floats.Values.Cast<float>()), InputStride);

    private ArrayView<float> Tensor(MemoryBuffer1D<float, Stride1D.Dense> buffer, ParameterRole role)
    {
        ParameterTensor tensor = Planned.Find(role)!;
        return buffer.View.SubView(tensor.DeviceOffset, tensor.DeviceCount);
    }

    private Matrix<Floats> Weight(MemoryBuffer1D<float, Stride1D.Dense> buffer) =>
        new(new Floats(Tensor(buffer, ParameterRole.Weight)), Planned.OutputStride);

    private static Matrix<Floats> Matrix(MemoryBuffer1D<float, Stride1D.Dense> buffer, int stride) =>
        new(new Floats(buffer.View), stride);

    /// <summary>What the kernels of one kind write.</summary>
    private sealed class Results(Accelerator accelerator, NetworkPlan plan, int rows, int inputStride) : IDisposable
    {
        public MemoryBuffer1D<float, Stride1D.Dense> Outputs { get; } = Allocate(accelerator, rows * plan.Layers[0].OutputStride);

        public MemoryBuffer1D<float, Stride1D.Dense> Gradients { get; } = Allocate(accelerator, plan.DeviceParameterCount);

        public MemoryBuffer1D<float, Stride1D.Dense> InputGradients { get; } = Allocate(accelerator, rows * inputStride);

        public void Dispose()
        {
            Outputs.Dispose();
            Gradients.Dispose();
            InputGradients.Dispose();
        }

        private static MemoryBuffer1D<float, Stride1D.Dense> Allocate(Accelerator accelerator, int length)
        {
            MemoryBuffer1D<float, Stride1D.Dense> buffer = accelerator.Allocate1D<float>(length);
            buffer.MemSetToZero();
            return buffer;
        }
    }
}
