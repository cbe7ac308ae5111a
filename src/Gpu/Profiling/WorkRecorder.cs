using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>Times what an executor does, piece by piece.</summary>
internal abstract class WorkRecorder
{
    /// <summary>How the time is taken, in words.</summary>
    public abstract string Timer { get; }

    /// <summary>Threads that work side by side.</summary>
    public abstract int Threads { get; }

    /// <summary>The recorder for an executor.</summary>
    public static WorkRecorder For(IExecutor executor) => executor switch
    {
        KernelExecutor kernels => new LaunchRecorder(kernels.Queue),
        SimdExecutor simd => new PhaseRecorder(simd),
        _ => throw new ArgumentException($"{executor.GetType().Name} cannot be profiled", nameof(executor)),
    };

    /// <summary>Begins to record.</summary>
    /// <param name="log">Where everything is added, at the latest by <see cref="Stop"/>.</param>
    public abstract void Start(WorkLog log);

    /// <summary>Ends recording.</summary>
    public abstract void Stop();
}
