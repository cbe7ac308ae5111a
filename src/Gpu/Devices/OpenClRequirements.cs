using ILGPU.Runtime.OpenCL;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>What an OpenCL device must offer; the one place where this is decided.</summary>
internal static class OpenClRequirements
{
    /// <summary>Why ILGPU cannot use the device, to be read after its name; null where it can.</summary>
    public static string? Refusal(CLDevice device)
    {
        if (device.GetDeviceInfo<int>(CLDeviceInfoType.CL_DEVICE_AVAILABLE) == 0)
            return "reports itself as not available";
        if (device.GetDeviceInfo<int>(CLDeviceInfoType.CL_DEVICE_COMPILER_AVAILABLE) == 0)
            return "has a driver without a compiler, which ILGPU needs";
        if (device.DeviceVersion < CLDeviceVersion.CL20)
            return $"offers OpenCL {device.DeviceVersion}, ILGPU needs 2.0";
        if (!device.Capabilities.GenericAddressSpace)
            return "reports no generic address space, which ILGPU needs";
        return null;
    }
}
