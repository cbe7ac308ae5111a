using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>All devices that ILGPU sees on this machine, and those that it cannot use with the reason.</summary>
public static class DeviceCatalog
{
    private static readonly Lock Detection = new();

    /// <summary>
    /// Lists the CPU, then the CUDA devices, then the OpenCL devices. Never throws: a driver that fails becomes an entry
    /// that says so.
    /// </summary>
    /// <param name="forceOpenCl">Whether OpenCL devices are used that lack OpenCL 2.0.</param>
    public static IReadOnlyList<DeviceInfo> List(bool forceOpenCl = false) =>
    [
        CpuDevices.Describe(),
        .. DriverProbe.Devices(DeviceKind.Cuda, forceOpenCl),
        .. HiddenFromCuda(),
        .. DriverProbe.Devices(DeviceKind.OpenCL, forceOpenCl),
    ];

    /// <summary>The device that a selector takes among those listed.</summary>
    /// <param name="selector"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, <c>cuda:N</c> or <c>opencl:N</c>.</param>
    /// <param name="devices">From <see cref="List"/>.</param>
    /// <exception cref="InputException">The text is no selector, there is no such device, or it cannot be used.</exception>
    public static DeviceInfo Choose(string selector, IReadOnlyList<DeviceInfo> devices) =>
        DeviceSelector.Parse(selector).Choose(devices);

    /// <summary>
    /// Lists the devices among which a selector chooses, and asks no driver in vain: none for the CPU, for a kind of device its
    /// own, and that of OpenCL for <c>auto</c> only where CUDA has no device.
    /// </summary>
    internal static IReadOnlyList<DeviceInfo> ListFor(DeviceSelector selector, bool forceOpenCl)
    {
        List<DeviceInfo> devices = [CpuDevices.Describe()];
        if (selector.Kind is null or DeviceKind.Cuda)
            devices.AddRange(DriverProbe.Devices(DeviceKind.Cuda, forceOpenCl));
        bool decided = selector.Kind is null && devices.Any(device => device is { Kind: DeviceKind.Cuda, IsUsable: true });
        if (selector.Kind is null or DeviceKind.OpenCL && !decided)
            devices.AddRange(DriverProbe.Devices(DeviceKind.OpenCL, forceOpenCl));
        return devices;
    }

    /// <summary>
    /// The devices of a driver with ILGPU's descriptions of them, asked in this process. One thread at a time: where two ask for
    /// the devices first, PoCL 3.1 answers one of them before it has described its devices to itself, and the process ends.
    /// </summary>
    internal static IReadOnlyList<DetectedDevice> Detect(DeviceKind kind, bool forceOpenCl)
    {
        lock (Detection)
        {
            NativeLibraries.Install();
            return Guarded(kind, kind == DeviceKind.Cuda ? CudaDevices.Find : () => OpenClDevices.Find(forceOpenCl));
        }
    }

    /// <summary>The CUDA devices that a variable of the environment hides, as entries that say so.</summary>
    private static IEnumerable<DeviceInfo> HiddenFromCuda()
    {
        if (CudaDevices.Visible is not { } visible)
            return [];
        string?[] shown = [.. DriverProbe.Devices(DeviceKind.Cuda, forceOpenCl: false).Select(device => device.PciAddress)];
        return DriverProbe.CudaDevicesWithout(CudaDevices.Variable)
            .Where(device => device.PciAddress is not null && !shown.Contains(device.PciAddress))
            .Select(device => device with
            {
                Selector = DeviceSelector.NameOf(DeviceKind.Cuda),
                Refusal = $"at PCI {device.PciAddress} is hidden by {CudaDevices.Variable}=\"{visible}\"",
            });
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
