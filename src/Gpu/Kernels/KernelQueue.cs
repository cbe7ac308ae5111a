using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Launches kernels on an accelerator, in order; compiles each when it is needed first. All queues of an accelerator share what
/// is compiled: a driver may take a second for it, and an experiment has an executor for every run.
/// </summary>
internal sealed class KernelQueue(Accelerator accelerator)
{
    private static readonly ConditionalWeakTable<Accelerator, ConcurrentDictionary<Kernel, Delegate>> Compiled = [];

    private readonly ConcurrentDictionary<Kernel, Delegate> _loaded = Compiled.GetValue(accelerator, _ => []);

    /// <summary>The accelerator.</summary>
    public Accelerator Accelerator { get; } = accelerator;

    /// <summary>Sees every launch; null where nobody looks.</summary>
    public ILaunchObserver? Observer { get; set; }

    /// <summary>Launches groups of <see cref="Tiles.GroupSize"/> work-items.</summary>
    /// <param name="kernel">What to run.</param>
    /// <param name="groups">Number of groups; none is no launch.</param>
    /// <param name="slices">Number of groups in the second dimension.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="shape">The sizes from which its work is computed.</param>
    public void Launch<TArguments>(Kernel<TArguments> kernel, int groups, int slices, in TArguments arguments, in WorkShape shape)
        where TArguments : struct
    {
        Action<KernelConfig, TArguments> launch = Load(kernel);
        Observer?.BeforeLaunch();
        launch(new KernelConfig(new Index2D(groups, slices), new Index2D(Tiles.GroupSize, 1)), arguments);
        Observer?.AfterLaunch(kernel, shape);
    }

    /// <summary>Compiles a kernel, unless it is compiled already.</summary>
    public Action<KernelConfig, TArguments> Load<TArguments>(Kernel<TArguments> kernel) where TArguments : struct =>
        (Action<KernelConfig, TArguments>)(
            _loaded.TryGetValue(kernel, out Delegate? launch) ? launch : _loaded.GetOrAdd(kernel, kernel.Load(Accelerator)));
}
