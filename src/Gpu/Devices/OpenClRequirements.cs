using ILGPU.Runtime.OpenCL;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// What an OpenCL device must offer; the one place where this is decided. ILGPU insists on more than the kernels of this
/// program need. Each of their pointers is to shared or to global memory, which ILGPU infers when it compiles them (a test holds
/// that), so that they get by without the generic address space of OpenCL 2.0, which Mesa's devices and PoCL 3.1 do not have.
/// A device of OpenCL 1.2 takes the user's word.
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
    /// What ILGPU insists on and the kernels may do without, to be read after the device's name; null where nothing is lacking.
    /// </summary>
    public static string? Shortcoming(CLDevice device) =>
        device.DeviceVersion < CLDeviceVersion.CL20 ? $"offers OpenCL {device.DeviceVersion}, ILGPU needs 2.0" : null;

    /// <summary>What the device lacks and the program works around, to be read after the device's name.</summary>
    /// <param name="device">The device, before <see cref="ClaimGenericAddressSpace"/>.</param>
    public static IEnumerable<string> Workarounds(CLDevice device)
    {
        if (!device.Capabilities.GenericAddressSpace)
            yield return "reports no generic address space; ILGPU asks for it, and no kernel needs it";
        if (!OpenClFeatures.Of(device).HasFma)
        {
            yield return "reports no fused multiply-add (CL_FP_FMA); kernels use mad, and last digits may differ from those of " +
                "other devices";
        }
        if (device.DeviceVersion >= CLDeviceVersion.CL30 && !HasImages(device))
        {
            yield return "reports no images; where its driver cannot compile OpenCL C 3.0 without them, kernels are compiled " +
                "as OpenCL C 2.0";
        }
    }

    private static bool HasImages(CLDevice device) => device.GetDeviceInfo<int>(CLDeviceInfoType.CL_DEVICE_IMAGE_SUPPORT) != 0;

    /// <summary>Makes ILGPU believe in a generic address space; it has no public way to tell it.</summary>
    /// <returns>Why that is not possible, to be read after the device's name; null where it is done.</returns>
    internal static string? ClaimGenericAddressSpace(
        object capabilities, string property = nameof(CLCapabilityContext.GenericAddressSpace))
    {
        if (capabilities.GetType().GetProperty(property)?.GetSetMethod(nonPublic: true) is not { } setter)
        {
            return $"reports no generic address space, and this version of ILGPU has no " +
                $"{capabilities.GetType().Name}.{property} that can be set";
        }

        setter.Invoke(capabilities, [true]);
        return null;
    }
}
