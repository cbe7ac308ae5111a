using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>An opened device. Whatever was created on it must be disposed before it.</summary>
[DebuggerDisplay("{Name} ({Selector})")]
public sealed class ComputeDevice : IDisposable
{
    private static readonly Wording Advice = $"choose another device, {DeviceSettings.Catalog} lists them";

    private readonly Context _context;
    private readonly Accelerator? _accelerator;
    private readonly CpuAccelerators? _cpu;

    // What other threads do that needs the device open.
    private readonly Lock _preparing = new();
    private Task _preparation = Task.CompletedTask;

    /// <summary>What is known about the device.</summary>
    public DeviceInfo Info { get; }

    /// <summary>The text that chooses this very device: <c>cpu</c>, <c>cuda:0</c>, <c>opencl:1</c>.</summary>
    public string Selector => Info.Selector;

    /// <summary>The device's own name.</summary>
    public string Name => Info.Name;

    /// <summary>The interface through which it is driven.</summary>
    public DeviceKind Kind => Info.Kind;

    /// <summary>Worker threads of the CPU; 0 on other devices.</summary>
    public int Threads { get; }

    /// <summary>What is wrong with drivers that <c>auto</c> passed over, each as one sentence.</summary>
    public IReadOnlyList<string> Problems { get; private init; } = [];

    /// <summary>
    /// The memory that is free on it or, where it does not tell, all that it has; never more than <see cref="MemoryLimit"/>.
    /// </summary>
    internal long FreeBytes =>
        Math.Min(MemoryLimit, _accelerator is null ? HostMemory.FreeBytes : DeviceMemory.FreeBytes(_accelerator));

    /// <summary>The most memory that executors find free.</summary>
    internal long MemoryLimit { get; set; } = long.MaxValue;

    /// <summary>Whether it is closed.</summary>
    internal bool IsDisposed { get; private set; }

    private ComputeDevice(DetectedDevice detected, int threads, bool profiling)
    {
        Info = detected.Info;
        Threads = threads;
        _context = DeviceContext.Create(profiling);
        try
        {
            _accelerator = detected.Device?.CreateAccelerator(_context);
            _cpu = detected.Device is null ? new CpuAccelerators(_context) : null;
        }
        catch
        {
            _context.Dispose();
            throw;
        }
    }

    /// <summary>Opens a device.</summary>
    /// <param name="selector"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, <c>cuda:N</c> or <c>opencl:N</c>.</param>
    /// <param name="threads">Worker threads of the CPU, 1 to 256; null means one per logical processor.</param>
    /// <param name="forceOpenCl">
    /// Whether an OpenCL device is used that lacks OpenCL 2.0. ILGPU insists on it, while the kernels of this program get by
    /// without; nobody promises that they do on every driver.
    /// </param>
    /// <param name="profiling">
    /// Whether launches on it are to be timed by the device itself, where it can; may cost some speed.
    /// </param>
    /// <exception cref="InputException">
    /// The device does not exist, cannot be used or does not open; or the options do not fit it.
    /// </exception>
    public static ComputeDevice Open(
        string selector = "auto", int? threads = null, bool forceOpenCl = false, bool profiling = false)
    {
        var (info, problems) = Choose(selector, threads, forceOpenCl);
        bool isCpu = info.Kind == DeviceKind.Cpu;
        int workers = isCpu ? threads ?? Math.Min(Environment.ProcessorCount, CpuDevices.MostThreads) : 0;
        try
        {
            DetectedDevice detected = isCpu ? new DetectedDevice(info, null) : Detect(info, forceOpenCl);
            return new ComputeDevice(detected, workers, profiling) { Problems = problems };
        }
        catch (Exception error) when (!isCpu && error is not InputException)
        {
            throw Failure(info, "open it", error);
        }
    }

    /// <summary>
    /// Checks what <see cref="Open"/> would refuse of its arguments, without opening a device. For <c>auto</c>, which always
    /// finds one, no driver is asked.
    /// </summary>
    /// <param name="selector">As for <see cref="Open"/>.</param>
    /// <param name="threads">As for <see cref="Open"/>.</param>
    /// <param name="forceOpenCl">As for <see cref="Open"/>.</param>
    /// <returns>The device that would be opened; the CPU for <c>auto</c>.</returns>
    /// <exception cref="InputException">The device does not exist or cannot be used; or the options do not fit it.</exception>
    public static DeviceInfo Check(string selector, int? threads, bool forceOpenCl)
    {
        bool isAuto = DeviceSelector.Parse(selector).Kind is null;
        return Choose(isAuto ? DeviceSelector.NameOf(DeviceKind.Cpu) : selector, threads, forceOpenCl).Info;
    }

    /// <summary>The device asked for, and what is wrong with drivers that <c>auto</c> passed over.</summary>
    private static (DeviceInfo Info, IReadOnlyList<string> Problems) Choose(
        string selector, int? threads, bool forceOpenCl)
    {
        if (threads is < 1 or > CpuDevices.MostThreads)
            throw new InputException($"{threads} threads: expected 1 to {CpuDevices.MostThreads}");
        var wanted = DeviceSelector.Parse(selector);
        IReadOnlyList<DeviceInfo> devices = DeviceCatalog.ListFor(wanted, forceOpenCl);
        // Where it cannot be had, the message lists what can, of every driver.
        DeviceInfo info = wanted.Find(devices) ?? wanted.Choose(DeviceCatalog.List(forceOpenCl));
        if (info.Kind != DeviceKind.Cpu && threads is not null)
        {
            throw new InputException(
                $"{info.Description}: the number of threads is for the CPU only; choose the device cpu or leave it out");
        }

        return (info, [.. devices.Where(device => device.IsBroken).Select(device => $"{device.Name} {device.Refusal}")]);
    }

    /// <summary>A listed device as ILGPU describes it in this process.</summary>
    private static DetectedDevice Detect(DeviceInfo listed, bool forceOpenCl) =>
        DeviceCatalog.Detect(listed.Kind, forceOpenCl)
            .FirstOrDefault(device => device.Info.Selector == listed.Selector && device.Info.IsUsable)
            ?? throw new InputException($"{listed.Description}: is not there any more; {Advice}");

    /// <summary>
    /// The accelerator on which memory is allocated and kernels are launched. On the CPU it is made on first use, and no larger
    /// than the group needs.
    /// </summary>
    /// <param name="groupSize">The largest number of work-items in a group of a launch.</param>
    /// <exception cref="ObjectDisposedException">The device is closed.</exception>
    internal Accelerator AcceleratorFor(int groupSize)
    {
        CheckAlive();
        return _accelerator ?? _cpu!.For(groupSize);
    }

    /// <summary>
    /// Does some work on another thread, which closing the device waits for. It must be such that a failure comes up again
    /// where the work is needed.
    /// </summary>
    internal void Prepare(Action work)
    {
        lock (_preparing)
        {
            CheckAlive();
            _preparation = Task.WhenAll(_preparation, Task.Run(work));
        }
    }

    /// <exception cref="ObjectDisposedException">The device is closed.</exception>
    internal void CheckAlive()
    {
        if (IsDisposed)
            throw new ObjectDisposedException(null, $"the device \"{Selector}\" has been disposed");
    }

    /// <summary>A driver's failure on this device, in words.</summary>
    /// <param name="problem">What the driver could not do.</param>
    /// <param name="error">What it says.</param>
    internal InputException Failure(string problem, Exception error) => Failure(Info, problem, error);

    private static InputException Failure(DeviceInfo info, string problem, Exception error) =>
        new($"{info.Description}: its driver could not {problem} ({DriverErrors.Describe(error)}); {Advice}", error);

    /// <summary>Closes the device.</summary>
    public void Dispose()
    {
        lock (_preparing)
        {
            if (IsDisposed)
                return;
            IsDisposed = true;
        }
        Task.WaitAny(_preparation);
        // Has come up where the work was needed, if it was.
        _ = _preparation.Exception;
        _accelerator?.Dispose();
        _cpu?.Dispose();
        _context.Dispose();
    }
}
