using ILGPU.Runtime.OpenCL;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// What an OpenCL device must offer; the one place where this is decided. ILGPU insists on more than the kernels of this
/// program need: each of their pointers is to shared or to global memory, which ILGPU infers when it compiles them, so that
/// they get by without the generic address space of OpenCL 2.0. Since nobody promises that, it takes the user's word to
/// leave this requirement aside.
/// </summary>
internal static class OpenClRequirements
{
    /// <summary>Why the device cannot be used, to be read after its name; null where it can.</summary>
    /// <param name="device">The device.</param>
    /// <param name="force">Whether the user takes the risk of a device that has a <see cref="Shortcoming"/>.</param>
    public static string? Refusal(CLDevice device, bool force)
    {
        if (device.GetDeviceInfo<int>(CLDeviceInfoType.CL_DEVICE_AVAILABLE) == 0)
            return "reports itself as not available";
        if (device.GetDeviceInfo<int>(CLDeviceInfoType.CL_DEVICE_COMPILER_AVAILABLE) == 0)
            return "has a driver without a compiler, which ILGPU needs";
        if (device.DeviceVersion < CLDeviceVersion.CL12)
            return $"offers OpenCL {device.DeviceVersion}, ILGPU needs 2.0";
        return force ? null : Shortcoming(device);
    }

    /// <summary>
    /// What ILGPU insists on and the kernels can do without, to be read after the device's name; null where nothing is lacking.
    /// </summary>
    public static string? Shortcoming(CLDevice device) =>
        device.DeviceVersion < CLDeviceVersion.CL20 ? $"offers OpenCL {device.DeviceVersion}, ILGPU needs 2.0"
        : !device.Capabilities.GenericAddressSpace ? "reports no generic address space, which ILGPU needs"
        : null;

    /// <summary>Whether a device reports a fused multiply-add of float32: bit 5 of CL_DEVICE_SINGLE_FP_CONFIG, CL_FP_FMA.</summary>
    public static bool HasFma(CLDevice device) =>
        (device.GetDeviceInfo<long>(CLDeviceInfoType.CL_DEVICE_SINGLE_FP_CONFIG) & 1 << 5) != 0;

    /// <summary>Makes ILGPU believe in a generic address space; it has no public way to tell it.</summary>
    /// <returns>Why that is not possible, to be read after the device's name; null where it is done.</returns>
    internal static string? Force(object capabilities, string property = nameof(CLCapabilityContext.GenericAddressSpace))
    {
        if (capabilities.GetType().GetProperty(property)?.GetSetMethod(nonPublic: true) is not { } setter)
        {
            return $"cannot be used by force: this version of ILGPU has no {capabilities.GetType().Name}.{property} that " +
                $"can be set";
        }

        setter.Invoke(capabilities, [true]);
        return null;
    }
}
