using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Runs a plan as kernels, on CUDA, OpenCL or (for tests) the CPU accelerator. Only layers with parameters have kernels and
/// memory of their own; the elementwise ones are applied where values are loaded and gradients stored
/// (<see cref="Activation"/>). Batches go through in chunks that fit the device's memory. Between the host and the device
/// nothing but the metrics is copied, once per pass, and nothing else waits for the device.
/// </summary>
internal sealed class KernelExecutor : IExecutor
{
    private readonly KernelQueue _queue;
    private readonly ExecutorContract _contract;
    private readonly Stepping _stepping;
    private readonly FusedLayer[] _stages;
    private readonly Activation _last;
    private readonly int _largestChunk;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _parameters, _gradients;
    private MemoryBuffer1D<float, Stride1D.Dense>? _state;
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
        _stepping = new Stepping(plan);
        _contract.RequireMemory(Workspace.LeastBytes(plan));
        _largestChunk = largestChunk;
        _queue = new KernelQueue(device.AcceleratorFor(Tiles.GroupSize));
        (_stages, _last) = FusedLayer.Divide(plan, _queue);
        // What every network needs at once, so that a driver that does not compile is known before anything is done.
        _ = _queue.Load(SoftmaxCrossEntropyKernels.Loss);
        _ = StepLaunch.KernelOf(_stepping.Optimizer, _queue);
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
    public void SetOptimizer(Optimizer optimizer, RateFactors? factors = null, OptimizerState? state = null)
    {
        _contract.CheckAlive();
        float[] values = _stepping.Begin(optimizer, factors, state);
        _ = StepLaunch.KernelOf(optimizer, _queue);
        // It has the factors.
        _training?.Dispose();
        _state?.Dispose();
        (_training, _state) = (null, null);
        if (values.Length > 0)
            _state = _queue.Accelerator.Take(values);
    }

    /// <inheritdoc/>
    public OptimizerState GetOptimizerState()
    {
        _contract.CheckAlive();
        return _stepping.ToHost(_state is null ? [] : _state.GetAsArray1D());
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
    public PassMetrics TrainEpoch(IDeviceSamples samples,
        ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder = default)
    {
        UploadedSamples data = _contract.Train<UploadedSamples>(samples, learningRates, batchOrder);
        Workspace workspace = BeginTraining(data);
        int batches = batchOrder.IsEmpty ? data.BatchCount : batchOrder.Length, count = 0;
        for (int n = 0; n < batches; n++)
        {
            count += Differentiate(data, batchOrder.IsEmpty ? n : batchOrder[n], workspace);
            Step(workspace, learningRates[Math.Min(n, learningRates.Length - 1)]);
        }
        return workspace.ReadMetrics(count);
    }

    /// <inheritdoc/>
    public PassMetrics ComputeGradients(IDeviceSamples samples, int batch = 0)
    {
        UploadedSamples data = _contract.Gradients<UploadedSamples>(samples, [batch]);
        Workspace workspace = BeginTraining(data);
        int count = Differentiate(data, batch, workspace);
        int count4 = Plan.DeviceParameterCount / 4;
        _queue.Launch(
            SliceSums.Kernel, Tiles.Groups(count4), slices: 1,
            new(_gradients.View.Cast<float, Float4>(), workspace.Sums, workspace.Ranges),
            new WorkShape(0, Plan.DeviceParameterCount, 0, workspace.MeanSlices));
        return workspace.ReadMetrics(count);
    }

    /// <inheritdoc/>
    public void ReadInputGradients(IDeviceSamples samples, int layer, int output, Span<float> gradients)
    {
        UploadedSamples data = _contract.InputGradients<UploadedSamples>(samples, layer, output, gradients.Length);
        var (stage, activation) = SourceOf(layer);
        float[] x = new float[(long)data.Count * Plan.Inputs];
        data.ReadValues(x);
        if (stage < 0)
        {
            gradients.Clear();
            for (int at = output; at < x.Length; at += Plan.Inputs)
                gradients[at] = activation.Backward(x[at], 1);
            return;
        }
        Workspace workspace = BeginTraining(data);
        foreach (Chunk chunk in Chunks(data, workspace))
        {
            Forward(chunk, stage + 1);
            SetOutputGradient(chunk, stage, activation, output);
            BackwardToInput(chunk, stage, x, gradients);
        }
    }

    /// <inheritdoc/>
    public PassMetrics Evaluate(IDeviceSamples samples)
    {
        UploadedSamples data = _contract.Judge<UploadedSamples>(samples);
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
        var activations = new Activations(this, data, planned, new StageTail(Tail.Of(Plan, layer), _stages));
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
        _state?.Dispose();
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

    private Workspace BeginTraining(UploadedSamples samples)
    {
        Workspace workspace = Reuse(ref _training, _stepping.Factors, samples.BatchSize);
        workspace.ClearMetrics();
        return workspace;
    }

    private Workspace Reuse(ref Workspace? workspace, RateFactors? factors, int batchRows)
    {
        if (workspace?.BatchRows != batchRows)
        {
            workspace?.Dispose();
            workspace = null;
            workspace = Workspace.Create(_stages, _queue.Accelerator, factors, batchRows, _largestChunk);
        }
        return workspace;
    }

    /// <summary>What passes over a number of samples need; the same until another number is asked for.</summary>
    internal Workspace EvaluationWorkspace(int count) => Reuse(ref _evaluation, factors: null, count);

    /// <summary>
    /// The stage whose stored output becomes that of a layer, −1 for the input, by the elementwise layers between them.
    /// </summary>
    private (int Stage, Activation Activation) SourceOf(int layer)
    {
        int stage = Array.FindLastIndex(_stages, stage => stage.Planned.Index <= layer);
        return (stage, FusedLayer.Between(Plan, stage < 0 ? null : _stages[stage], layer + 1));
    }

    private LayerInput InputOf(in Chunk chunk, int stage)
    {
        if (stage == 0)
            return chunk.Samples.Rows(chunk.First, chunk.Rows, _stages[0].Before);
        return LayerInput.Stored(chunk.Workspace.OutputOf(stage - 1), _stages[stage].Planned.InputStride, chunk.Rows,
            _stages[stage].Before);
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
                gradientScale is null ? ArrayView<float>.Empty : chunk.Workspace.GradientOf(last), chunk.Workspace.Metrics, _last,
                chunk.Rows,
                Plan.Classes, _stages[last].Planned.OutputStride, gradientScale ?? 0));
    }

    /// <summary>One batch forward and backward, as far as the slices of the gradients.</summary>
    /// <returns>Samples of the batch.</returns>
    private int Differentiate(UploadedSamples samples, int batch, Workspace workspace)
    {
        int first = batch * samples.BatchSize;
        int rows = Math.Min(samples.BatchSize, samples.Count - first);
        for (int done = 0; done < rows; done += workspace.Rows)
        {
            var chunk = new Chunk(samples, first + done, Math.Min(workspace.Rows, rows - done), workspace);
            Forward(chunk, _stages.Length);
            Loss(chunk, 1f / rows);
            Backward(chunk, isFirst: done == 0);
        }
        return rows;
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
        var launch = new StepLaunch(
            _queue, _parameters.View.Cast<float, Float4>(), _gradients.View.Cast<float, Float4>(),
            _state is null ? ArrayView<Float4>.Empty : _state.View.Cast<float, Float4>(), workspace, learningRate);
        _stepping.Optimizer.Step(++_stepping.Steps, ref launch);
    }

    /// <summary>Sets the gradient of what a stage stored to that of one output of a layer behind it.</summary>
    private void SetOutputGradient(in Chunk chunk, int stage, Activation activation, int output)
    {
        int stride = _stages[stage].Planned.OutputStride;
        float[] stored = new float[chunk.Rows * stride], gradient = new float[stored.Length];
        chunk.Workspace.OutputOf(stage).SubView(0, stored.Length).CopyToCPU(stored);
        for (int at = output; at < stored.Length; at += stride)
            gradient[at] = activation.Backward(stored[at], 1);
        chunk.Workspace.GradientOf(stage).SubView(0, gradient.Length).CopyFromCPU(gradient);
    }

    /// <summary>Takes the gradient of what a stage stored to the input.</summary>
    /// <param name="chunk">Some of the samples.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="x">[samples, inputs] of all samples: the kernels read what the gradient is of as floats.</param>
    /// <param name="gradients">[samples, inputs] of all samples.</param>
    private void BackwardToInput(in Chunk chunk, int stage, float[] x, Span<float> gradients)
    {
        Workspace workspace = chunk.Workspace;
        for (int i = stage; i > 0; i--)
        {
            _stages[i].Kernels.InputGradient(
                InputOf(chunk, i), workspace.OutputOf(i), workspace.GradientOf(i), workspace.GradientOf(i - 1), _parameters.View);
        }
        int inputs = Plan.Inputs, stride = _stages[0].Planned.InputStride;
        float[] rows = new float[chunk.Rows * stride];
        for (int r = 0; r < chunk.Rows; r++)
            x.AsSpan((chunk.First + r) * inputs, inputs).CopyTo(rows.AsSpan(r * stride));
        using MemoryBuffer1D<float, Stride1D.Dense> input = _queue.Accelerator.Take(rows), dx = _queue.Accelerator.Take(rows);
        _stages[0].Kernels.InputGradient(
            LayerInput.Stored(input.View, stride, chunk.Rows, _stages[0].Before), workspace.OutputOf(0), workspace.GradientOf(0),
            dx.View, _parameters.View);
        dx.CopyToCPU(rows);
        for (int r = 0; r < chunk.Rows; r++)
            rows.AsSpan(r * stride, inputs).CopyTo(gradients.Slice((chunk.First + r) * inputs, inputs));
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
