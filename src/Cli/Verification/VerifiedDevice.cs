using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Cli.Verification;

/// <summary>A device that is checked, beside the SIMD executor on the CPU; it remembers the kernels that it has run.</summary>
/// <param name="executors">The device and the kind of executor; the caller closes it.</param>
/// <param name="reference">The SIMD executor.</param>
/// <param name="openAgain">Opens the device once more; the CPU with one thread.</param>
internal sealed class VerifiedDevice(ExecutorFactory executors, ExecutorFactory reference, Func<ExecutorFactory> openAgain)
{
    private readonly HashSet<string> _kernels = [];

    /// <summary>The device and the kind of executor.</summary>
    public ExecutorFactory Executors => executors;

    /// <summary>Whether kernels run on it.</summary>
    public bool RunsKernels => executors.Kind == ExecutorKind.Kernels;

    /// <summary>The kernels of the catalogue that have not run.</summary>
    public IReadOnlyList<string> KernelsThatDidNotRun =>
        [.. KernelCatalogue.All.Select(kernel => kernel.Name).Where(name => !_kernels.Contains(name))];

    /// <summary>Makes executors on the device; another way is for tests.</summary>
    internal Func<NetworkPlan, IExecutor> Create { private get; init; } = executors.Create;

    /// <summary>Opens the device once more; the CPU with one thread.</summary>
    public ExecutorFactory OpenAgain() => openAgain();

    /// <summary>Does something with an executor on the device, and notes the kernels that it launches.</summary>
    public void Run(NetworkPlan plan, Action<IExecutor> action)
    {
        using IExecutor executor = Create(plan);
        if (!RunsKernels)
        {
            action(executor);
            return;
        }
        WorkRecorder recorder = WorkRecorder.For(executor);
        var log = new WorkLog(recorder.Threads);
        recorder.Start(log);
        action(executor);
        recorder.Stop();
        _kernels.UnionWith(log.Totals.Select(work => work.Name));
    }

    /// <summary>Does something with an executor on the device and one of the SIMD kind on the CPU.</summary>
    /// <param name="plan">What both run.</param>
    /// <param name="action">Is given the device's and the other.</param>
    public void RunBoth(NetworkPlan plan, Action<IExecutor, IExecutor> action)
    {
        using IExecutor other = reference.Create(plan);
        Run(plan, executor => action(executor, other));
    }
}
