namespace IlgpuDistance.Gpu.Devices;

/// <summary>All devices that ILGPU sees on this machine, and those that it cannot use with the reason.</summary>
public static class DeviceCatalog
{
    private static readonly Lock Detection = new();

    /// <summary>
    /// Lists the CPU, then the CUDA devices, then the OpenCL devices. Never throws: a driver that fails becomes an entry
    /// that says so.
    /// </summary>
    /// <param name="forceOpenCl">Whether OpenCL devices are used that lack the generic address space or OpenCL 2.0.</param>
    public static IReadOnlyList<DeviceInfo> List(bool forceOpenCl = false) => [.. Detect(forceOpenCl).Select(detected => detected.Info)];

    /// <summary>The device that a selector takes among those listed.</summary>
    /// <param name="selector"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, <c>cuda:N</c> or <c>opencl:N</c>.</param>
    /// <param name="devices">From <see cref="List"/>.</param>
    /// <exception cref="InputException">The text is no selector, there is no such device, or it cannot be used.</exception>
    public static DeviceInfo Choose(string selector, IReadOnlyList<DeviceInfo> devices) =>
        DeviceSelector.Parse(selector).Choose(devices);

    /// <summary>
    /// All devices with ILGPU's descriptions of them. One thread at a time: where two ask for the devices first, PoCL 3.1
    /// answers one of them before it has described its devices to itself, and the process ends.
    /// </summary>
    internal static IReadOnlyList<DetectedDevice> Detect(bool forceOpenCl)
    {
        lock (Detection)
        {
            NativeLibraries.Install();
            return
            [
                new DetectedDevice(CpuDevices.Describe(), null),
                .. Guarded(DeviceKind.Cuda, CudaDevices.Find),
                .. Guarded(DeviceKind.OpenCL, () => OpenClDevices.Find(forceOpenCl)),
            ];
        }
    }

    /// <summary>Runs a search; whatever its driver does becomes an entry.</summary>
    internal static IReadOnlyList<DetectedDevice> Guarded(DeviceKind kind, Func<IEnumerable<DetectedDevice>> find)
    {
        try
        {
            return [.. find()];
        }
        catch (Exception error)
        {
            return
            [
                new DetectedDevice(new DeviceInfo
                {
                    Selector = DeviceSelector.NameOf(kind),
                    Kind = kind,
                    Name = $"the {(kind == DeviceKind.Cuda ? "CUDA" : "OpenCL")} driver",
                    Refusal = $"failed ({DriverErrors.Describe(error)})",
                }, null),
            ];
        }
    }
}
