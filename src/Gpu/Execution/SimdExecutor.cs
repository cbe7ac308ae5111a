using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Kernels.Simd;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Execution;

/// <summary>
/// Runs a plan on the CPU accelerator with SIMD code. A launch there costs about 100 µs and every work-item of a plain
/// kernel microseconds, so a pass over all samples, steps included, is one launch with one work-item per worker thread
/// (see <see cref="SimdWorkers"/>); each walks blocks of samples through the whole plan (see <see cref="SimdPass"/>).
/// </summary>
public sealed unsafe class SimdExecutor : IExecutor
{
    private readonly AlignedBuffer<float> _parameters;
    private readonly SimdPass _pass;
    private bool _disposed;

    /// <summary>An executor whose parameters are zero.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="device">The CPU, with its number of worker threads; must outlive the executor.</param>
    /// <exception cref="InputException">The device is not the CPU.</exception>
    public SimdExecutor(NetworkPlan plan, ComputeDevice device)
    {
        if (device.Kind != DeviceKind.Cpu)
            throw new InputException($"device \"{device.Selector}\": the SIMD executor runs on the CPU only; choose the executor kernels");
        Plan = plan;
        Workers = new SimdWorkers(device);
        _parameters = new AlignedBuffer<float>((nuint)plan.DeviceParameterCount);
        Program = SimdProgram.Create(plan, _parameters.Pointer);
        Workspaces = [.. Enumerable.Range(0, Workers.Count).Select(_ => new SimdWorkspace(plan))];
        _pass = new SimdPass(Program, Workers, Workspaces);
    }

    /// <inheritdoc/>
    public NetworkPlan Plan { get; }

    /// <summary>The threads that do the work.</summary>
    internal SimdWorkers Workers { get; }

    /// <summary>The plan as SIMD bodies.</summary>
    internal SimdProgram Program { get; }

    /// <summary>The memory of each worker for a block.</summary>
    internal SimdWorkspace[] Workspaces { get; }

    /// <summary>Times the phases of passes; null where nobody looks.</summary>
    internal PhaseRecorder? Recorder
    {
        get => _pass.Recorder;
        set => _pass.Recorder = value;
    }

    /// <inheritdoc/>
    public void SetParameters(ReadOnlySpan<float> parameters) => Plan.ToDevice(parameters, _parameters.Span);

    /// <inheritdoc/>
    public void GetParameters(Span<float> parameters) => Plan.ToHost(_parameters.Span, parameters);

    /// <inheritdoc/>
    public void GetGradients(Span<float> gradients) => Plan.ToHost(_pass.Gradients, gradients);

    /// <inheritdoc/>
    public IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        samples.CheckFits(Plan);
        return new SimdSamples(samples, batchSize, allowSparse: Plan.Layers[0].Layer is Linear);
    }

    /// <inheritdoc/>
    public PassMetrics TrainEpoch(IDeviceSamples samples, float learningRate, ReadOnlySpan<int> batchOrder = default) =>
        _pass.Train((SimdSamples)samples, learningRate, batchOrder);

    /// <inheritdoc/>
    public PassMetrics Evaluate(IDeviceSamples samples) => _pass.Evaluate((SimdSamples)samples);

    /// <inheritdoc/>
    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(activations.Length, samples.Count * Plan.Layers[layer].Outputs);
        fixed (float* target = activations)
            _pass.Read((SimdSamples)samples, layer, target);
    }

    /// <inheritdoc/>
    public IDeviceActivations Activations(IDeviceSamples samples, int layer)
    {
        PlannedLayer planned = Plan.Layers[layer];
        var values = new AlignedBuffer<float>((nuint)samples.Count * (nuint)planned.OutputStride);
        _pass.Keep((SimdSamples)samples, layer, values.Pointer);
        return new SimdActivations(this, (SimdSamples)samples, planned, values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _pass.Dispose();
        foreach (SimdWorkspace workspace in Workspaces)
            workspace.Dispose();
        Program.Dispose();
        _parameters.Dispose();
        Workers.Dispose();
    }
}
