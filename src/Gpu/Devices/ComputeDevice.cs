using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>An opened device. Whatever was created on it must be disposed before it.</summary>
[DebuggerDisplay("{Name} ({Selector}, {Executor})")]
public sealed class ComputeDevice : IDisposable
{
    private static readonly Wording Advice = $"choose another device, {DeviceSettings.Catalog} lists them";

    /// <summary>ILGPU's context, which owns the compiled code.</summary>
    internal Context Context { get; }

    /// <summary>The accelerator on which memory is allocated and kernels are launched.</summary>
    internal Accelerator Accelerator { get; }

    /// <summary>What is known about the device.</summary>
    public DeviceInfo Info { get; }

    /// <summary>The text that chooses this very device: <c>cpu</c>, <c>cuda:0</c>, <c>opencl:1</c>.</summary>
    public string Selector => Info.Selector;

    /// <summary>The device's own name.</summary>
    public string Name => Info.Name;

    /// <summary>The interface through which it is driven.</summary>
    public DeviceKind Kind => Info.Kind;

    /// <summary>The executor that the device was opened for.</summary>
    public ExecutorKind Executor { get; }

    /// <summary>
    /// What decides the bits of results besides the device and the executor, in words that are equal where the bits are: for
    /// SIMD code the width of the vectors and how products are rounded; null elsewhere.
    /// </summary>
    public string? Arithmetic => Executor == ExecutorKind.Simd ? SimdArithmetic.Text : null;

    /// <summary>Worker threads of the CPU; 0 on other devices.</summary>
    public int Threads { get; }

    /// <summary>What is wrong with drivers that <c>auto</c> passed over, each as one sentence.</summary>
    public IReadOnlyList<string> Problems { get; private init; } = [];

    /// <summary>
    /// The memory that is free on it or, where it does not tell, all that it has; never more than <see cref="MemoryLimit"/>.
    /// </summary>
    internal long FreeBytes => Math.Min(MemoryLimit, DeviceMemory.FreeBytes(Accelerator));

    /// <summary>The most memory that executors find free.</summary>
    internal long MemoryLimit { get; set; } = long.MaxValue;

    /// <summary>Whether it is closed.</summary>
    internal bool IsDisposed { get; private set; }

    private ComputeDevice(DetectedDevice detected, int threads, ExecutorKind executor, bool profiling)
    {
        Info = detected.Info;
        Threads = threads;
        Executor = executor;
        Context = DeviceContext.Create(profiling);
        try
        {
            Accelerator = detected.Device?.CreateAccelerator(Context) ?? CpuDevices.Open(Context, threads, executor);
            if (executor == ExecutorKind.Simd)
                _ = Workers.Compile(Accelerator);
        }
        catch
        {
            Context.Dispose();
            throw;
        }
    }

    /// <summary>Opens a device.</summary>
    /// <param name="selector"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, <c>cuda:N</c> or <c>opencl:N</c>.</param>
    /// <param name="threads">Worker threads of the CPU, 1 to 256; null means one per logical processor.</param>
    /// <param name="executor">The executor to be used; null means SIMD on the CPU and kernels elsewhere.</param>
    /// <param name="forceOpenCl">
    /// Whether an OpenCL device is used that lacks the generic address space or OpenCL 2.0. ILGPU insists on both, while the
    /// kernels of this program get by without; nobody promises that they do on every driver.
    /// </param>
    /// <param name="profiling">Whether launches on it are to be timed by the device itself, where it can; may cost some speed.</param>
    /// <exception cref="InputException">
    /// The device does not exist, cannot be used or does not open; or the options do not fit it.
    /// </exception>
    public static ComputeDevice Open(
        string selector = "auto", int? threads = null, ExecutorKind? executor = null, bool forceOpenCl = false, bool profiling = false)
    {
        var (info, problems) = Choose(selector, threads, executor, forceOpenCl);
        bool isCpu = info.Kind == DeviceKind.Cpu;
        int workers = isCpu ? threads ?? Math.Min(Environment.ProcessorCount, CpuDevices.MostThreads) : 0;
        try
        {
            DetectedDevice detected = isCpu ? new DetectedDevice(info, null) : Detect(info, forceOpenCl);
            return new ComputeDevice(detected, workers, executor ?? (isCpu ? ExecutorKind.Simd : ExecutorKind.Kernels), profiling)
            {
                Problems = problems,
            };
        }
        catch (Exception error) when (!isCpu && error is not InputException)
        {
            throw new InputException(
                $"{Describe(info)}: its driver could not open it ({DriverErrors.Describe(error)}); {Advice}", error);
        }
    }

    /// <summary>
    /// Checks what <see cref="Open"/> would refuse of its arguments, without opening a device. For <c>auto</c>, which always
    /// finds one, no driver is asked.
    /// </summary>
    /// <param name="selector">As for <see cref="Open"/>.</param>
    /// <param name="threads">As for <see cref="Open"/>.</param>
    /// <param name="executor">As for <see cref="Open"/>.</param>
    /// <param name="forceOpenCl">As for <see cref="Open"/>.</param>
    /// <exception cref="InputException">The device does not exist or cannot be used; or the options do not fit it.</exception>
    public static void Check(string selector, int? threads, ExecutorKind? executor, bool forceOpenCl)
    {
        bool isAuto = DeviceSelector.Parse(selector).Kind is null;
        Choose(isAuto ? DeviceSelector.NameOf(DeviceKind.Cpu) : selector, threads, executor, forceOpenCl);
    }

    /// <summary>The device asked for, and what is wrong with drivers that <c>auto</c> passed over.</summary>
    private static (DeviceInfo Info, IReadOnlyList<string> Problems) Choose(
        string selector, int? threads, ExecutorKind? executor, bool forceOpenCl)
    {
        if (threads is < 1 or > CpuDevices.MostThreads)
            throw new InputException($"{threads} threads: expected 1 to {CpuDevices.MostThreads}");
        var wanted = DeviceSelector.Parse(selector);
        IReadOnlyList<DeviceInfo> devices = DeviceCatalog.ListFor(wanted, forceOpenCl);
        DeviceInfo info = wanted.Choose(devices);
        if (info.Kind != DeviceKind.Cpu && executor == ExecutorKind.Simd)
            throw Misfit("the SIMD executor runs on the CPU only; choose the device cpu or the executor kernels");
        if (info.Kind != DeviceKind.Cpu && threads is not null)
            throw Misfit("the number of threads is for the CPU only; choose the device cpu or leave it out");
        return (info, [.. devices.Where(device => device.IsBroken).Select(device => $"{device.Name} {device.Refusal}")]);

        InputException Misfit(string problem) => new($"{Describe(info)}: {problem}");
    }

    /// <summary>A listed device as ILGPU describes it in this process.</summary>
    private static DetectedDevice Detect(DeviceInfo listed, bool forceOpenCl) =>
        DeviceCatalog.Detect(listed.Kind, forceOpenCl)
            .FirstOrDefault(device => device.Info.Selector == listed.Selector && device.Info.IsUsable)
            ?? throw new InputException($"{Describe(listed)}: is not there any more; {Advice}");

    private static string Describe(DeviceInfo info) => $"device \"{info.Selector}\" ({info.Name})";

    /// <summary>Makes the executor that the device was opened for.</summary>
    /// <param name="plan">What it runs.</param>
    /// <exception cref="ObjectDisposedException">The device is closed.</exception>
    /// <exception cref="MemoryException">The network does not fit into the device's memory.</exception>
    /// <exception cref="InputException">The device's driver does not compile the kernels.</exception>
    public IExecutor CreateExecutor(NetworkPlan plan)
    {
        ExecutorContract.Check(IsDisposed, $"the device \"{Selector}\" has been disposed");
        if (Executor == ExecutorKind.Simd)
            return new SimdExecutor(plan, this);
        try
        {
            return new KernelExecutor(plan, this);
        }
        catch (AcceleratorException error)
        {
            throw new InputException(
                $"{Describe(Info)}: its driver could not make the kernels ready ({DriverErrors.Describe(error)}); {Advice}", error);
        }
    }

    /// <summary>Closes the device.</summary>
    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        Accelerator.Dispose();
        Context.Dispose();
    }
}
