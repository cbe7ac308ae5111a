using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Execution;

/// <summary>
/// Runs a plan as one kernel per layer and direction, on CUDA, OpenCL or (for tests) the CPU accelerator. Batches go
/// through in chunks that bound the memory for activations; the gradient of a batch is the sum over its chunks. Between the
/// host and the device nothing but the metrics is copied, once per pass.
/// </summary>
public sealed class KernelExecutor : IExecutor
{
    // Bounds the number of terms that a work-item adds one after the other, and with it the rounding error of gradients.
    private const int LargestChunk = 8192;

    private readonly Accelerator _accelerator;
    private readonly KernelLayer[] _layers;
    private readonly SoftmaxCrossEntropyKernels _loss;
    private readonly StepKernels _step;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _parameters, _gradients, _lossSums;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _correct;
    private Workspace? _workspace;

    /// <summary>An executor whose parameters are zero.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="device">The device; must outlive the executor.</param>
    public KernelExecutor(NetworkPlan plan, ComputeDevice device)
    {
        Plan = plan;
        _accelerator = device.Accelerator;
        _layers = [.. plan.Layers.Select(Create)];
        _loss = new SoftmaxCrossEntropyKernels(_accelerator);
        _step = new StepKernels(_accelerator);
        _parameters = AllocateZeroed<float>(plan.DeviceParameterCount);
        _gradients = AllocateZeroed<float>(plan.DeviceParameterCount);
        _lossSums = AllocateZeroed<float>(SoftmaxCrossEntropyKernels.PartialSums);
        _correct = AllocateZeroed<int>(SoftmaxCrossEntropyKernels.PartialSums);
    }

    /// <inheritdoc/>
    public NetworkPlan Plan { get; }

    /// <inheritdoc/>
    public void SetParameters(ReadOnlySpan<float> parameters)
    {
        float[] values = new float[Plan.DeviceParameterCount];
        Plan.ToDevice(parameters, values);
        _parameters.CopyFromCPU(values);
    }

    /// <inheritdoc/>
    public void GetParameters(Span<float> parameters) => Plan.ToHost(_parameters.GetAsArray1D(), parameters);

    /// <inheritdoc/>
    public void GetGradients(Span<float> gradients) => Plan.ToHost(_gradients.GetAsArray1D(), gradients);

    /// <inheritdoc/>
    public IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        samples.CheckFits(Plan);
        return new KernelSamples(_accelerator, samples, batchSize);
    }

    /// <inheritdoc/>
    public PassMetrics TrainEpoch(IDeviceSamples samples, float learningRate, ReadOnlySpan<int> batchOrder = default)
    {
        var data = (KernelSamples)samples;
        int batches = batchOrder.IsEmpty ? data.BatchCount : batchOrder.Length, count = 0;
        ClearMetrics();
        for (int n = 0; n < batches; n++)
        {
            int first = (batchOrder.IsEmpty ? n : batchOrder[n]) * data.BatchSize;
            int rows = Math.Min(data.BatchSize, data.Count - first);
            _gradients.MemSetToZero();
            foreach (Chunk chunk in Chunks(data, first, rows))
            {
                Forward(chunk);
                Loss(chunk, 1f / rows);
                Backward(chunk);
            }
            if (learningRate != 0)
                _step.Sgd(_parameters.View, _gradients.View, learningRate);
            count += rows;
        }
        return ReadMetrics(count);
    }

    /// <inheritdoc/>
    public PassMetrics Evaluate(IDeviceSamples samples)
    {
        ClearMetrics();
        foreach (Chunk chunk in Chunks((KernelSamples)samples, 0, samples.Count))
        {
            Forward(chunk);
            Loss(chunk, 1f / samples.Count);
        }
        return ReadMetrics(samples.Count);
    }

    /// <inheritdoc/>
    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
    {
        PlannedLayer planned = Plan.Layers[layer];
        ArgumentOutOfRangeException.ThrowIfNotEqual(activations.Length, samples.Count * planned.Outputs);
        foreach (Chunk chunk in Chunks((KernelSamples)samples, 0, samples.Count))
        {
            Forward(chunk);
            float[] values = new float[chunk.Rows * planned.OutputStride];
            chunk.Workspace.Outputs[layer].View.SubView(0, values.Length).CopyToCPU(values);
            for (int r = 0; r < chunk.Rows; r++)
            {
                values.AsSpan(r * planned.OutputStride, planned.Outputs)
                    .CopyTo(activations.Slice((chunk.First + r) * planned.Outputs, planned.Outputs));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workspace?.Dispose();
        _parameters.Dispose();
        _gradients.Dispose();
        _lossSums.Dispose();
        _correct.Dispose();
    }

    private KernelLayer Create(PlannedLayer planned) => planned.Layer switch
    {
        Linear => new LinearKernels(planned, _accelerator),
        Abs or ReLU or Neg => new ElementwiseKernels(planned, _accelerator),
        OffsetL2 => new OffsetL2Kernels(planned, _accelerator),
        PointSlope => new PointSlopeKernels(planned, _accelerator),
        _ => throw new NotSupportedException($"no kernels for {planned.Layer}"),
    };

    /// <summary>Consecutive samples whose activations are in memory at the same time.</summary>
    private readonly record struct Chunk(KernelSamples Samples, int First, int Rows, Workspace Workspace)
    {
        /// <summary>What a layer reads.</summary>
        public LayerInput InputOf(int layer) =>
            layer > 0 ? new LayerInput(Rows, Workspace.Outputs[layer - 1].View, default)
            : Workspace.Input is { } input ? new LayerInput(Rows, input.View, default)
            : new LayerInput(Rows, ArrayView<float>.Empty, Samples.Rows(First, Rows));
    }

    private IEnumerable<Chunk> Chunks(KernelSamples samples, int first, int rows)
    {
        int capacity = Math.Min(rows, Workspace.LargestCapacity(Plan, _accelerator, LargestChunk));
        if (_workspace is null || _workspace.Capacity < capacity)
        {
            _workspace?.Dispose();
            _workspace = new Workspace(Plan, _accelerator, capacity);
        }
        for (int start = first; start < first + rows; start += capacity)
            yield return new Chunk(samples, start, Math.Min(capacity, first + rows - start), _workspace);
    }

    private void Forward(in Chunk chunk)
    {
        if (chunk.Workspace.Input is { } input)
            _step.Scale(chunk.Samples.Rows(chunk.First, chunk.Rows), chunk.Rows, Plan.Inputs, input.View, Plan.Layers[0].InputStride);
        for (int i = 0; i < _layers.Length; i++)
            _layers[i].Forward(chunk.InputOf(i), chunk.Workspace.Outputs[i].View, _parameters.View);
    }

    private void Loss(in Chunk chunk, float scale)
    {
        int last = _layers.Length - 1;
        Workspace workspace = chunk.Workspace;
        _loss.Run(
            chunk.Rows, workspace.Outputs[last].View, chunk.Samples.Labels(chunk.First, chunk.Rows), workspace.Losses.View,
            workspace.OutputGradientOf(last), _lossSums.View, _correct.View, Plan.Classes, Plan.Layers[last].OutputStride, scale);
    }

    private void Backward(in Chunk chunk)
    {
        Workspace workspace = chunk.Workspace;
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            ArrayView<float> inputGradient = i > 0 ? workspace.OutputGradientOf(i - 1) : ArrayView<float>.Empty;
            _layers[i].Backward(
                chunk.InputOf(i), workspace.Outputs[i].View, workspace.OutputGradientOf(i), inputGradient, _parameters.View, _gradients.View);
        }
    }

    private void ClearMetrics()
    {
        _lossSums.MemSetToZero();
        _correct.MemSetToZero();
    }

    private PassMetrics ReadMetrics(int count)
    {
        double lossSum = 0;
        foreach (float sum in _lossSums.GetAsArray1D())
            lossSum += sum;
        return new PassMetrics(lossSum, _correct.GetAsArray1D().Sum(), count);
    }

    private MemoryBuffer1D<T, Stride1D.Dense> AllocateZeroed<T>(long length) where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = _accelerator.Allocate1D<T>(length);
        buffer.MemSetToZero();
        return buffer;
    }

    /// <summary>Activations and their gradients for up to <see cref="Capacity"/> samples.</summary>
    private sealed class Workspace : IDisposable
    {
        private readonly MemoryBuffer1D<float, Stride1D.Dense>[] _gradients;

        public Workspace(NetworkPlan plan, Accelerator accelerator, int capacity)
        {
            MemoryBuffer1D<float, Stride1D.Dense> Allocate(int stride)
            {
                var buffer = accelerator.Allocate1D<float>((long)capacity * stride);
                buffer.MemSetToZero();
                return buffer;
            }

            Capacity = capacity;
            // A Linear reads the samples themselves; any other first layer reads floats.
            Input = plan.Layers[0].Layer is Linear ? null : Allocate(plan.Layers[0].InputStride);
            Outputs = [.. plan.Layers.Select(layer => Allocate(layer.OutputStride))];
            _gradients = [.. plan.Layers.Select(layer => Allocate(layer.OutputStride))];
            Losses = Allocate(2);
        }

        public int Capacity { get; }

        /// <summary>The scaled samples, or null where the first layer reads the samples themselves.</summary>
        public MemoryBuffer1D<float, Stride1D.Dense>? Input { get; }

        /// <summary>Each layer's output: [rows, stride].</summary>
        public MemoryBuffer1D<float, Stride1D.Dense>[] Outputs { get; }

        /// <summary>Loss and correctness per sample: [rows, 2].</summary>
        public MemoryBuffer1D<float, Stride1D.Dense> Losses { get; }

        /// <summary>The gradient of a layer's output: [rows, stride].</summary>
        public ArrayView<float> OutputGradientOf(int layer) => _gradients[layer].View;

        /// <summary>The most samples whose activations fit into a quarter of the device's memory.</summary>
        public static int LargestCapacity(NetworkPlan plan, Accelerator accelerator, int limit)
        {
            long floats = 2 + plan.Layers[0].InputStride + plan.Layers.Sum(layer => 2L * layer.OutputStride);
            return (int)Math.Clamp(accelerator.MemorySize / 4 / sizeof(float) / floats, 1, limit);
        }

        public void Dispose()
        {
            Input?.Dispose();
            Losses.Dispose();
            foreach (MemoryBuffer1D<float, Stride1D.Dense> buffer in Outputs.Concat(_gradients))
                buffer.Dispose();
        }
    }
}
