using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Kernels.Simd;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Execution;

/// <summary>
/// Runs a plan on the CPU accelerator with SIMD code. A launch there costs about 100 µs and every work-item of a plain
/// kernel microseconds, so a pass over all samples, steps included, is one launch of one group with one work-item per
/// worker thread; each walks blocks of samples through the whole plan (see <see cref="SimdPass"/>).
/// </summary>
public sealed unsafe class SimdExecutor : IExecutor
{
    private readonly Accelerator _accelerator;
    private readonly int _workers;
    private readonly AlignedBuffer<float> _parameters;
    private readonly SimdProgram _program;
    private readonly SimdPass _pass;
    private readonly Action<KernelConfig, long> _kernel;
    private readonly Action _launch;
    private GCHandle _passHandle;
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
        _accelerator = device.Accelerator;
        _workers = device.Threads;
        _parameters = new AlignedBuffer<float>((nuint)plan.DeviceParameterCount);
        _program = SimdProgram.Create(plan, _parameters.Pointer);
        _pass = new SimdPass(_program, _workers);
        _passHandle = GCHandle.Alloc(_pass);
        _kernel = Compile(_accelerator);
        _launch = Launch;
    }

    /// <inheritdoc/>
    public NetworkPlan Plan { get; }

    /// <summary>Number of worker threads.</summary>
    internal int Workers => _workers;

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
        _pass.Train((SimdSamples)samples, learningRate, batchOrder, _launch);

    /// <inheritdoc/>
    public PassMetrics Evaluate(IDeviceSamples samples) => _pass.Evaluate((SimdSamples)samples, _launch);

    /// <inheritdoc/>
    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(activations.Length, samples.Count * Plan.Layers[layer].Outputs);
        fixed (float* target = activations)
            _pass.Read((SimdSamples)samples, layer, target, _launch);
    }

    /// <inheritdoc/>
    public IDeviceActivations Activations(IDeviceSamples samples, int layer) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _passHandle.Free();
        _pass.Dispose();
        _program.Dispose();
        _parameters.Dispose();
    }

    /// <summary>
    /// Compiles the kernel, or finds it compiled. That takes a third of a second and needs no plan, so that a device can have
    /// it done while the data is still being read.
    /// </summary>
    internal static Action<KernelConfig, long> Compile(Accelerator accelerator) => accelerator.LoadStreamKernel<long>(Kernel);

    private void Launch()
    {
        _kernel(new KernelConfig(1, _workers), (long)GCHandle.ToIntPtr(_passHandle));
        _accelerator.Synchronize();
    }

    // The kernel itself; one work-item per worker.
    private static void Kernel(long pass) => Work(Group.IdxX, pass);

    // On the CPU accelerator the body of an intrinsic implementation runs as it is, vectors, managed objects and all.
    [IntrinsicImplementation]
    private static void Work(int worker, long pass) => ((SimdPass)GCHandle.FromIntPtr((nint)pass).Target!).Work(worker);
}
