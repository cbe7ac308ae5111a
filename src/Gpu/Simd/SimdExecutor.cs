using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Runs a plan on the CPU accelerator with SIMD code. A launch there costs about 100 µs and every work-item of a plain
/// kernel microseconds, so a pass over all samples, steps included, is one launch with one work-item per worker thread
/// (see <see cref="Workers"/>, <see cref="TrainingPass"/> and <see cref="ReadingPass"/>).
/// </summary>
internal sealed unsafe class SimdExecutor : IExecutor
{
    private readonly AlignedBuffer<float> _parameters;
    private readonly TrainingPass _training;
    private readonly ReadingPass _reading;
    private readonly ExecutorContract _contract;
    private readonly Stepping _stepping;
    private AlignedBuffer<float>? _state;

    /// <summary>An executor that has no parameters yet.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="device">The CPU, with its number of worker threads; must outlive the executor.</param>
    /// <exception cref="MemoryException">The network does not fit into memory.</exception>
    public SimdExecutor(NetworkPlan plan, ComputeDevice device)
    {
        Plan = plan;
        _contract = new ExecutorContract(plan, device);
        _stepping = new Stepping(plan);
        // Parameters, as they are drawn and here, those of the first layer once more or a portion's gradient, and the gradient;
        // and what workers have for a chunk and each for a block.
        long floats = 4L * plan.DeviceParameterCount + 2L * Chunk.Size * plan.Layers[0].OutputStride +
            device.Threads * Workspace.FloatsFor(plan);
        _contract.RequireMemory(sizeof(float) * floats);
        Workers = new Workers(device);
        _parameters = new AlignedBuffer<float>((nuint)plan.DeviceParameterCount);
        Program = PlanBodies.Create(plan, _parameters.Pointer);
        Workspaces = [.. Enumerable.Range(0, Workers.Count).Select(_ => new Workspace(plan))];
        _training = new TrainingPass(Program, Workers, Workspaces);
        _reading = new ReadingPass(Program, Workers, Workspaces);
    }

    /// <inheritdoc/>
    public NetworkPlan Plan { get; }

    /// <summary>The threads that do the work.</summary>
    internal Workers Workers { get; }

    /// <summary>The plan as SIMD bodies.</summary>
    internal PlanBodies Program { get; }

    /// <summary>The memory of each worker for a block.</summary>
    internal Workspace[] Workspaces { get; }

    /// <summary>How it steps.</summary>
    internal Optimizer Optimizer => _stepping.Optimizer;

    /// <summary>Is shown the phases of passes; null where nobody looks.</summary>
    internal IPhaseObserver? Observer
    {
        get => _training.Observer;
        set => (_training.Observer, _reading.Observer) = (value, value);
    }

    /// <inheritdoc/>
    public void SetParameters(ReadOnlySpan<float> parameters)
    {
        _contract.SetParameters(parameters.Length);
        Plan.ToDevice(parameters, _parameters.Span);
    }

    /// <inheritdoc/>
    public void GetParameters(Span<float> parameters)
    {
        _contract.GetParameters(parameters.Length);
        Plan.ToHost(_parameters.Span, parameters);
    }

    /// <inheritdoc/>
    public void GetGradients(Span<float> gradients)
    {
        _contract.GetGradients(gradients.Length);
        Plan.ToHost(_training.Gradients, gradients);
    }

    /// <inheritdoc/>
    public void SetOptimizer(Optimizer optimizer, RateFactors? factors = null, OptimizerState? state = null)
    {
        _contract.CheckAlive();
        float[] values = _stepping.Begin(optimizer, factors, state);
        _state?.Dispose();
        _state = null;
        if (values.Length > 0)
            values.CopyTo((_state = new AlignedBuffer<float>((nuint)values.Length)).Span);
    }

    /// <inheritdoc/>
    public OptimizerState GetOptimizerState()
    {
        _contract.CheckAlive();
        return _stepping.ToHost(_state is null ? [] : _state.Span);
    }

    /// <inheritdoc/>
    public IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue)
    {
        _contract.CheckAlive();
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        samples.CheckFits(Plan);
        var blocked = new BlockedSamples(_contract, samples, batchSize, allowSparse: Plan.Layers[0].Layer is Linear);
        Workers.AwaitKernel();
        return blocked;
    }

    /// <inheritdoc/>
    public PassMetrics TrainEpoch(IDeviceSamples samples,
        ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder = default) =>
        _training.Train(
            _contract.Train<BlockedSamples>(samples, learningRates, batchOrder), learningRates, batchOrder, _stepping,
            _state is null ? null : _state.Pointer);

    /// <inheritdoc/>
    public PassMetrics ComputeGradients(IDeviceSamples samples, int batch = 0) =>
        _training.Differentiate(_contract.Gradients<BlockedSamples>(samples, [batch]), batch);

    /// <inheritdoc/>
    public void ReadInputGradients(IDeviceSamples samples, int layer, int output, Span<float> gradients)
    {
        BlockedSamples data = _contract.InputGradients<BlockedSamples>(samples, layer, output, gradients.Length);
        fixed (float* target = gradients)
            _reading.ReadInputGradients(data, layer, output, target);
    }

    /// <inheritdoc/>
    public PassMetrics Evaluate(IDeviceSamples samples) => _reading.Evaluate(_contract.Judge<BlockedSamples>(samples));

    /// <inheritdoc/>
    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
    {
        BlockedSamples data = _contract.Pass<BlockedSamples>(samples, layer, activations.Length);
        fixed (float* target = activations)
            _reading.Read(data, layer, target);
    }

    /// <inheritdoc/>
    public IDeviceActivations Activations(IDeviceSamples samples, int layer)
    {
        BlockedSamples data = _contract.Pass<BlockedSamples>(samples, layer);
        PlannedLayer planned = Plan.Layers[layer];
        var values = new AlignedBuffer<float>((nuint)data.Count * (nuint)planned.OutputStride);
        _reading.Keep(data, layer, values.Pointer);
        return new Activations(this, data, planned, values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_contract.End())
            return;
        _training.Dispose();
        _reading.Dispose();
        _state?.Dispose();
        foreach (Workspace workspace in Workspaces)
            workspace.Dispose();
        Program.Dispose();
        _parameters.Dispose();
        Workers.Dispose();
    }
}
