using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The worker threads of the CPU accelerator. Whatever they are to do is one launch of one group with one work-item per
/// worker, of a kernel that does nothing but call a method of this class: for each launch the same compiled kernel.
/// </summary>
internal sealed class Workers : IDisposable
{
    /// <summary>The kernel of each accelerator, which ILGPU forgets as soon as nobody holds it.</summary>
    private static readonly ConditionalWeakTable<Accelerator, Lazy<Action<KernelConfig, long>>> Kernels = [];

    private readonly Accelerator _accelerator;
    private readonly SpinBarrier _barrier;
    private GCHandle _handle;
    private Action<int> _work = _ => { };
    private Exception? _failure;

    /// <param name="device">The CPU; must outlive the workers.</param>
    public Workers(ComputeDevice device)
    {
        _accelerator = AcceleratorOf(device);
        Count = device.Threads;
        _barrier = new SpinBarrier(Count);
        _handle = GCHandle.Alloc(this);
    }

    /// <summary>Number of workers.</summary>
    public int Count { get; }

    /// <summary>Lets every worker call <paramref name="work"/> with its index, and returns when all have finished.</summary>
    /// <exception cref="InvalidOperationException">A worker failed.</exception>
    /// <exception cref="MemoryException">It had too little memory.</exception>
    public void Run(Action<int> work)
    {
        (_work, _failure) = (work, null);
        _barrier.Reset();
        Compile(_accelerator)(new KernelConfig(1, Count), (long)GCHandle.ToIntPtr(_handle));
        _accelerator.Synchronize();
        if (_failure is MemoryException or OutOfMemoryException)
            ExceptionDispatchInfo.Throw(_failure);
        if (_failure is not null)
            throw new InvalidOperationException($"a SIMD worker failed: {_failure.Message}", _failure);
    }

    /// <summary>Lets the workers take the items 0..<paramref name="count"/> as they come.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="work">Is called with the index of the worker and that of the item.</param>
    /// <exception cref="InvalidOperationException">A worker failed.</exception>
    public void ForEach(int count, Action<int, int> work)
    {
        int next = 0;
        Run(worker =>
        {
            int item;
            while ((item = Interlocked.Increment(ref next) - 1) < count)
                work(worker, item);
        });
    }

    /// <summary>Called by every worker within <see cref="Run"/>: returns when all have called it.</summary>
    public void Wait() => _barrier.Wait();

    public void Dispose() => _handle.Free();

    /// <summary>Compiles the kernel of a device, which takes a tenth of a second and needs no plan.</summary>
    public static void Prepare(ComputeDevice device) => _ = Compile(AcceleratorOf(device));

    /// <summary>Waits until the kernel is compiled, so that no clock runs meanwhile.</summary>
    public void AwaitKernel() => _ = Compile(_accelerator);

    private static Accelerator AcceleratorOf(ComputeDevice device) => device.AcceleratorFor(device.Threads);

    /// <summary>Compiles the kernel, waits for whoever is compiling it, or finds it compiled.</summary>
    private static Action<KernelConfig, long> Compile(Accelerator accelerator) => Kernels.GetValue(
        accelerator, key => new Lazy<Action<KernelConfig, long>>(() => key.LoadStreamKernel<long>(Kernel))).Value;

    // The kernel itself; one work-item per worker.
    private static void Kernel(long workers) => Work(Group.IdxX, workers);

    // On the CPU accelerator the body of an intrinsic implementation runs as it is, vectors, managed objects and all.
    [IntrinsicImplementation]
    private static void Work(int worker, long workers) => ((Workers)GCHandle.FromIntPtr((nint)workers).Target!).Work(worker);

    private void Work(int worker)
    {
        try
        {
            _work(worker);
        }
        catch (Exception error)
        {
            // The first failure is the cause; the others only heard of it at the barrier.
            Interlocked.CompareExchange(ref _failure, error, null);
            _barrier.Break();
        }
    }
}
