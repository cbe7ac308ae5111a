using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Runs a plan as kernels, on CUDA, OpenCL or (for tests) the CPU accelerator. Only layers with parameters have kernels and
/// memory of their own; the elementwise ones are applied where values are loaded and gradients stored
/// (<see cref="Activation"/>). Batches go through in chunks that fit the device's memory. Between the host and the device
/// nothing but the metrics is copied, once per pass, and nothing else waits for the device.
/// </summary>
public sealed class KernelExecutor : IExecutor
{
    private readonly KernelQueue _queue;
    private readonly ExecutorContract _contract;
    private readonly FusedLayer[] _stages;
    private readonly Activation _last;
    private readonly int _largestChunk;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _parameters, _gradients;
    private Workspace? _training, _evaluation;

    /// <summary>An executor that has no parameters yet.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="device">The device; must outlive the executor.</param>
    /// <exception cref="MemoryException">The network does not fit into the device's memory.</exception>
    public KernelExecutor(NetworkPlan plan, ComputeDevice device) : this(plan, device, Workspace.LargestChunk) { }

    /// <summary>The same with smaller chunks than the device's memory asks for.</summary>
    internal KernelExecutor(NetworkPlan plan, ComputeDevice device, int largestChunk)
    {
        Plan = plan;
        _contract = new ExecutorContract(plan, device);
        _contract.RequireMemory(Workspace.LeastBytes(plan));
        _largestChunk = largestChunk;
        _queue = new KernelQueue(device.Accelerator);
        (_stages, _last) = FusedLayer.Divide(plan, _queue);
        // What every network needs at once, so that a driver that does not compile is known before anything is done.
        _ = _queue.Load(SoftmaxCrossEntropyKernels.Loss);
        _ = _queue.Load(StepKernels.Step);
        _parameters = _queue.Accelerator.Take<float>(plan.DeviceParameterCount);
        _gradients = _queue.Accelerator.Take<float>(plan.DeviceParameterCount);
        _parameters.MemSetToZero();
        _gradients.MemSetToZero();
    }

    /// <inheritdoc/>
    public NetworkPlan Plan { get; }

    /// <summary>Where everything is launched.</summary>
    internal KernelQueue Queue => _queue;

    /// <summary>All parameters, in the device layout.</summary>
    internal ArrayView<float> Parameters => _parameters.View;

    /// <inheritdoc/>
    public void SetParameters(ReadOnlySpan<float> parameters)
    {
        _contract.SetParameters(parameters.Length);
        float[] values = new float[Plan.DeviceParameterCount];
        Plan.ToDevice(parameters, values);
        _parameters.CopyFromCPU(values);
    }

    /// <inheritdoc/>
    public void GetParameters(Span<float> parameters)
    {
        _contract.GetParameters(parameters.Length);
        Plan.ToHost(_parameters.GetAsArray1D(), parameters);
    }

    /// <inheritdoc/>
    public void GetGradients(Span<float> gradients)
    {
        _contract.GetGradients(gradients.Length);
        Plan.ToHost(_gradients.GetAsArray1D(), gradients);
    }

    /// <inheritdoc/>
    public IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue)
    {
        _contract.CheckAlive();
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        samples.CheckFits(Plan);
        return new UploadedSamples(_contract, _queue.Accelerator, samples, batchSize);
    }

    /// <inheritdoc/>
    public PassMetrics TrainEpoch(IDeviceSamples samples, float learningRate, ReadOnlySpan<int> batchOrder = default)
    {
        UploadedSamples data = _contract.Train<UploadedSamples>(samples, batchOrder);
        Workspace workspace = Reuse(ref _training, trains: true, data.BatchSize);
        workspace.ClearMetrics();
        int batches = batchOrder.IsEmpty ? data.BatchCount : batchOrder.Length, count = 0;
        for (int n = 0; n < batches; n++)
        {
            int first = (batchOrder.IsEmpty ? n : batchOrder[n]) * data.BatchSize;
            int rows = Math.Min(data.BatchSize, data.Count - first);
            for (int done = 0; done < rows; done += workspace.Rows)
            {
                var chunk = new Chunk(data, first + done, Math.Min(workspace.Rows, rows - done), workspace);
                Forward(chunk, _stages.Length);
                Loss(chunk, 1f / rows);
                Backward(chunk, isFirst: done == 0);
            }
            Step(workspace, learningRate);
            count += rows;
        }
        return workspace.ReadMetrics(count);
    }

    /// <inheritdoc/>
    public PassMetrics Evaluate(IDeviceSamples samples)
    {
        UploadedSamples data = _contract.Pass<UploadedSamples>(samples);
        Workspace workspace = EvaluationWorkspace(data.Count);
        workspace.ClearMetrics();
        foreach (Chunk chunk in Chunks(data, workspace))
        {
            Forward(chunk, _stages.Length);
            Loss(chunk, gradientScale: null);
        }
        return workspace.ReadMetrics(data.Count);
    }

    /// <inheritdoc/>
    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
    {
        UploadedSamples data = _contract.Pass<UploadedSamples>(samples, layer, activations.Length);
        var (stage, activation) = SourceOf(layer);
        if (stage < 0)
            data.ReadValues(activations);
        else
            ReadOutputs(data, stage, activations, Plan.Layers[layer].Outputs);
        foreach (ref float value in activations)
            value = activation.Value(value);
    }

    /// <inheritdoc/>
    public IDeviceActivations Activations(IDeviceSamples samples, int layer)
    {
        UploadedSamples data = _contract.Pass<UploadedSamples>(samples, layer);
        PlannedLayer planned = Plan.Layers[layer];
        var (stage, activation) = SourceOf(layer);
        var activations = new Activations(this, data, planned, Tail.Of(Plan, _stages, layer));
        if (stage < 0)
        {
            float[] values = new float[data.Count * planned.Outputs];
            ReadActivations(samples, layer, values);
            activations.SetValues(values);
            return activations;
        }
        foreach (Chunk chunk in Chunks(data, EvaluationWorkspace(data.Count)))
        {
            Forward(chunk, stage + 1);
            activations.SetRows(chunk.First, chunk.Rows, chunk.Workspace.OutputOf(stage), activation);
        }
        return activations;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_contract.End())
            return;
        _training?.Dispose();
        _evaluation?.Dispose();
        _parameters.Dispose();
        _gradients.Dispose();
    }

    /// <summary>Consecutive samples whose activations are in memory at the same time.</summary>
    private readonly record struct Chunk(UploadedSamples Samples, int First, int Rows, Workspace Workspace);

    private static IEnumerable<Chunk> Chunks(UploadedSamples samples, Workspace workspace)
    {
        for (int first = 0; first < samples.Count; first += workspace.Rows)
            yield return new Chunk(samples, first, Math.Min(workspace.Rows, samples.Count - first), workspace);
    }

    private Workspace Reuse(ref Workspace? workspace, bool trains, int batchRows)
    {
        if (workspace?.BatchRows != batchRows)
        {
            workspace?.Dispose();
            workspace = null;
            workspace = Workspace.Create(_stages, _queue.Accelerator, trains, batchRows, _largestChunk);
        }
        return workspace;
    }

    /// <summary>What passes over a number of samples need; the same until another number is asked for.</summary>
    internal Workspace EvaluationWorkspace(int count) => Reuse(ref _evaluation, trains: false, count);

    /// <summary>The stage whose stored output becomes that of a layer, −1 for the input, by the elementwise layers between them.</summary>
    private (int Stage, Activation Activation) SourceOf(int layer)
    {
        int stage = Array.FindLastIndex(_stages, stage => stage.Planned.Index <= layer);
        return (stage, FusedLayer.Between(Plan, stage < 0 ? null : _stages[stage], layer + 1));
    }

    private LayerInput InputOf(in Chunk chunk, int stage)
    {
        if (stage == 0)
            return chunk.Samples.Rows(chunk.First, chunk.Rows, _stages[0].Before);
        return LayerInput.Stored(chunk.Workspace.OutputOf(stage - 1), _stages[stage].Planned.InputStride, chunk.Rows, _stages[stage].Before);
    }

    /// <summary>Runs some stages, from the first one on.</summary>
    private void Forward(in Chunk chunk, int stages)
    {
        for (int i = 0; i < stages; i++)
            _stages[i].Kernels.Forward(InputOf(chunk, i), chunk.Workspace.OutputOf(i), _parameters.View);
    }

    private void Loss(in Chunk chunk, float? gradientScale)
    {
        int last = _stages.Length - 1;
        SoftmaxCrossEntropyKernels.Launch(
            _queue,
            new(
                chunk.Workspace.OutputOf(last), chunk.Samples.Labels(chunk.First, chunk.Rows),
                gradientScale is null ? ArrayView<float>.Empty : chunk.Workspace.GradientOf(last), chunk.Workspace.Metrics, _last, chunk.Rows,
                Plan.Classes, _stages[last].Planned.OutputStride, gradientScale ?? 0));
    }

    private void Backward(in Chunk chunk, bool isFirst)
    {
        Workspace workspace = chunk.Workspace;
        for (int i = _stages.Length - 1; i >= 0; i--)
        {
            LayerInput input = InputOf(chunk, i);
            ArrayView<float> y = workspace.OutputOf(i), dy = workspace.GradientOf(i);
            _stages[i].Kernels.ParameterGradient(input, y, dy, _parameters.View, workspace.Slices(i, isFirst));
            if (i > 0)
                _stages[i].Kernels.InputGradient(input, y, dy, workspace.GradientOf(i - 1), _parameters.View);
        }
    }

    private void Step(Workspace workspace, float learningRate)
    {
        int count4 = Plan.DeviceParameterCount / 4;
        _queue.Launch(
            StepKernels.Step, Tiles.Groups(count4), slices: 1,
            new(_parameters.View.Cast<float, Float4>(), _gradients.View.Cast<float, Float4>(), workspace.Sums, workspace.Layers, learningRate),
            new WorkShape(0, Plan.DeviceParameterCount, 0, workspace.MeanSlices));
    }

    /// <summary>Reads what a stage stores for all samples, before any elementwise layer.</summary>
    private void ReadOutputs(UploadedSamples samples, int stage, Span<float> values, int width)
    {
        int stride = _stages[stage].Planned.OutputStride;
        foreach (Chunk chunk in Chunks(samples, EvaluationWorkspace(samples.Count)))
        {
            Forward(chunk, stage + 1);
            float[] rows = new float[(long)chunk.Rows * stride];
            chunk.Workspace.OutputOf(stage).SubView(0, rows.Length).CopyToCPU(rows);
            for (int r = 0; r < chunk.Rows; r++)
                rows.AsSpan(r * stride, width).CopyTo(values.Slice((chunk.First + r) * width, width));
        }
    }
}
