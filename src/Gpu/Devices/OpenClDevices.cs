using System.Runtime.InteropServices;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// The devices of all OpenCL drivers. ILGPU's own search stops silently at the first device that fails; this one goes on
/// and says what failed.
/// </summary>
internal static unsafe class OpenClDevices
{
    private const int MostDevicesPerPlatform = 64;

    /// <summary>What the ICD loader returns where no driver is installed; ILGPU's enumeration of errors lacks it.</summary>
    private const CLError PlatformNotFound = (CLError)(-1001);

    /// <summary>CL_DEVICE_HOST_UNIFIED_MEMORY, which ILGPU's enumeration lacks.</summary>
    private const CLDeviceInfoType HostUnifiedMemory = (CLDeviceInfoType)0x1035;

    /// <summary>CL_DEVICE_PCI_BUS_INFO_KHR, CL_DEVICE_PCI_DOMAIN_ID_NV and CL_DEVICE_TOPOLOGY_AMD, which it lacks, too.</summary>
    private const CLDeviceInfoType
        PciBusInfoKhr = (CLDeviceInfoType)0x410F, PciDomainNv = (CLDeviceInfoType)0x400A, TopologyAmd = (CLDeviceInfoType)0x4037;

    /// <summary>All devices in the order of their platforms; nothing where no OpenCL library is installed.</summary>
    /// <param name="force">Whether devices are used that have a shortcoming; see <see cref="OpenClRequirements"/>.</param>
    public static IEnumerable<DetectedDevice> Find(bool force)
    {
        CLAPI api = CLAPI.CurrentAPI;
        if (!api.IsSupported)
            return ExplainAbsence() is { } reason ? [Failed("opencl", "OpenCL", reason)] : [];
        CLException.ThrowIfFailed(api.GetNumPlatforms(out int platformCount));

        var platforms = new IntPtr[platformCount];
        CLException.ThrowIfFailed(api.GetPlatforms(platforms, ref platformCount));
        var found = new List<DetectedDevice>();
        foreach (IntPtr platform in platforms)
        {
            try
            {
                AddDevices(api, platform, force, found);
            }
            catch (Exception failure) // whatever a driver does, the other platforms must be listed
            {
                found.Add(Failed("opencl", "an OpenCL platform", $"failed ({DriverErrors.Describe(failure)})"));
            }
        }
        return found;
    }

    private static void AddDevices(CLAPI api, IntPtr platform, bool force, List<DetectedDevice> found)
    {
        var devices = new IntPtr[MostDevicesPerPlatform];
        CLError error = api.GetDevices(platform, CLDeviceType.CL_DEVICE_TYPE_ALL, devices, out int count);
        if (error != CLError.CL_SUCCESS)
        {
            string name = api.GetPlatformInfo(platform, CLPlatformInfoType.CL_PLATFORM_NAME);
            string reason = error == CLError.CL_DEVICE_NOT_FOUND
                ? "shows no device"
                : $"failed to list its devices ({DriverErrors.Describe(error)})";
            found.Add(Failed("opencl", $"the OpenCL platform {name}", reason));
            return;
        }
        foreach (IntPtr device in devices.AsSpan(0, Math.Min(count, devices.Length)))
        {
            int index = found.Count(other => other.Info.Selector.Contains(':'));
            found.Add(Describe(api, platform, device, $"opencl:{index}", force));
        }
    }

    private static DetectedDevice Describe(CLAPI api, IntPtr platform, IntPtr id, string selector, bool force)
    {
        try
        {
            var device = new CLDevice(platform, id);
            bool isHost = device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU);
            string? shortcoming = OpenClRequirements.Shortcoming(device), refusal = OpenClRequirements.Refusal(device, force);
            string[] workarounds = [.. OpenClRequirements.Workarounds(device)];
            if (refusal is null && !device.Capabilities.GenericAddressSpace)
                refusal = OpenClRequirements.ClaimGenericAddressSpace(device.Capabilities);
            bool isForced = shortcoming is not null && refusal is null;
            string driverVersion = api.GetDeviceInfo(id, CLDeviceInfoType.CL_DRIVER_VERSION);
            return new DetectedDevice(new DeviceInfo
            {
                Selector = selector,
                Kind = DeviceKind.OpenCL,
                Name = device.Name.Trim(),
                Vendor = device.VendorName,
                Driver = $"OpenCL {device.DeviceVersion}, driver {driverVersion}",
                PciAddress = PciAddressOf(api, id),
                MemoryBytes = device.MemorySize,
                ComputeUnits = device.NumMultiprocessors,
                LargestGroup = device.MaxNumThreadsPerGroup,
                WarpSize = device.WarpSize > 0 ? device.WarpSize : null,
                SharedMemoryBytesPerGroup = device.MaxSharedMemoryPerGroup,
                IsGpu = !isHost && device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU),
                SharesHostMemory = api.GetDeviceInfo(id, HostUnifiedMemory, out int shared) == CLError.CL_SUCCESS && shared != 0,
                IsForced = isForced,
                TakesForce = shortcoming is not null && refusal == shortcoming,
                Refusal = refusal,
                Remark = Remarks(isHost, isForced ? shortcoming : null, refusal is null ? workarounds : []),
            }, device);
        }
        catch (Exception error) // whatever a driver does, the other devices must be listed
        {
            return Failed(selector, "an OpenCL device", $"failed to describe itself ({DriverErrors.Describe(error)})");
        }
    }

    /// <summary>The place on the PCI bus, from whichever of three extensions the driver has; null where it has none.</summary>
    private static string? PciAddressOf(CLAPI api, IntPtr id)
    {
        if (api.GetDeviceInfo(id, PciBusInfoKhr, out PciBusInfo khr) == CLError.CL_SUCCESS)
            return $"{khr.Domain:x4}:{khr.Bus:x2}:{khr.Device:x2}.{khr.Function:x}";
        if (api.GetDeviceInfo(id, CLDeviceInfoType.CL_DEVICE_PCI_BUS_ID_NV, out uint bus) == CLError.CL_SUCCESS &&
            api.GetDeviceInfo(id, CLDeviceInfoType.CL_DEVICE_PCI_SLOT_ID_NV, out uint slot) == CLError.CL_SUCCESS)
        {
            // Older drivers of NVIDIA do not tell the domain, which is 0 but in large machines.
            _ = api.GetDeviceInfo(id, PciDomainNv, out uint domain);
            return $"{domain:x4}:{bus:x2}:{slot >> 3:x2}.{slot & 7:x}";
        }
        return api.GetDeviceInfo(id, TopologyAmd, out PciTopology amd) == CLError.CL_SUCCESS && amd.Type == PciTopology.Pcie
            ? $"0000:{amd.Bus:x2}:{amd.Device:x2}.{amd.Function:x}"
            : null;
    }

    /// <summary>cl_device_pci_bus_info_khr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct PciBusInfo(uint Domain, uint Bus, uint Device, uint Function);

    /// <summary>cl_device_topology_amd: a type, and for PCIe the address in the last three of 24 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private readonly struct PciTopology
    {
        public const uint Pcie = 1;

        [FieldOffset(0)]
        public readonly uint Type;

        [FieldOffset(21)]
        public readonly byte Bus;

        [FieldOffset(22)]
        public readonly byte Device;

        [FieldOffset(23)]
        public readonly byte Function;
    }

    private static string? Remarks(bool isHost, string? shortcoming, string[] workarounds)
    {
        string[] remarks =
        [
            .. isHost ? ["is the host's own processor; \"auto\" never takes it"] : (string[])[],
            .. workarounds, .. shortcoming is null ? (string[])[] : [$"{shortcoming}; it is used by force"],
        ];
        return remarks.Length == 0 ? null : string.Join("; ", remarks);
    }

    /// <summary>Asks OpenCL again, because ILGPU hides why it could not start; null where OpenCL is not installed.</summary>
    private static string? ExplainAbsence()
    {
        if (!NativeLibraries.TryLoad("OpenCL", out IntPtr handle))
            return null;
        if (!NativeLibrary.TryGetExport(handle, "clGetPlatformIDs", out IntPtr listPlatforms))
            return "has no function clGetPlatformIDs; install it again";
        uint count = 0;
        var result = (CLError)((delegate* unmanaged<uint, IntPtr*, uint*, int>)listPlatforms)(0, null, &count);
        return result == PlatformNotFound || (result == CLError.CL_SUCCESS && count == 0)
            ? "is installed, but no driver for any device is; install that of your device"
            : $"is installed, but does not start ({DriverErrors.Describe(result)})";
    }

    private static DetectedDevice Failed(string selector, string name, string refusal) =>
        new(new DeviceInfo { Selector = selector, Kind = DeviceKind.OpenCL, Name = name, Refusal = refusal }, null);
}
