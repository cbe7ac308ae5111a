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
    private readonly HashSet<string> _kernels = [], _right = [];

    /// <summary>The device and the kind of executor.</summary>
    public ExecutorFactory Executors => executors;

    /// <summary>Whether kernels run on it.</summary>
    public bool RunsKernels => executors.Kind == ExecutorKind.Kernels;

    /// <summary>The kernels of the catalogue that have not run.</summary>
    public IReadOnlyList<string> KernelsThatDidNotRun =>
        [.. KernelCatalogue.All.Select(kernel => kernel.Name).Where(name => !_kernels.Contains(name))];

    /// <summary>The kernels that have run, and never where all results were right: those that may be wrong.</summary>
    public IReadOnlyList<string> SuspectKernels =>
        [.. KernelCatalogue.All.Select(kernel => kernel.Name).Where(name => _kernels.Contains(name) && !_right.Contains(name))];

    /// <summary>Makes executors on the device; another way is for tests.</summary>
    internal Func<NetworkPlan, IExecutor> Create { private get; init; } = executors.Create;

    /// <summary>Opens the device once more; the CPU with one thread.</summary>
    public ExecutorFactory OpenAgain() => openAgain();

    /// <summary>Does something with an executor on the device, and notes the kernels that it launches.</summary>
    /// <param name="plan">What it runs.</param>
    /// <param name="differences">Where the action adds what it compares.</param>
    /// <param name="action">Is given the executor.</param>
    public void Run(NetworkPlan plan, LargestDifferences differences, Action<IExecutor> action)
    {
        using IExecutor executor = Create(plan);
        if (!RunsKernels)
        {
            action(executor);
            return;
        }
        WorkRecorder recorder = WorkRecorder.For(executor);
        var log = new WorkLog(recorder.Threads);
        int wrong = differences.WrongFigures;
        recorder.Start(log);
        action(executor);
        recorder.Stop();
        string[] launched = [.. log.Totals.Select(work => work.Name)];
        _kernels.UnionWith(launched);
        if (differences.WrongFigures == wrong)
            _right.UnionWith(launched);
    }

    /// <summary>Does something with an executor on the device and one of the SIMD kind on the CPU.</summary>
    /// <param name="plan">What both run.</param>
    /// <param name="differences">Where the action adds what it compares.</param>
    /// <param name="action">Is given the device's and the other.</param>
    public void RunBoth(NetworkPlan plan, LargestDifferences differences, Action<IExecutor, IExecutor> action)
    {
        using IExecutor other = reference.Create(plan);
        Run(plan, differences, executor => action(executor, other));
    }
}
