using ILGPU.Runtime.OpenCL;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>What of an OpenCL device decides the text of its kernels.</summary>
/// <param name="HasFma">Whether it reports a fused multiply-add of float32.</param>
/// <param name="LeastSubGroup">
/// Where its compiler chooses how many work-items an instruction serves and can be told, as Intel's, the least number; else
/// null.
/// </param>
internal sealed record OpenClFeatures(bool HasFma, int? LeastSubGroup)
{
    /// <summary>CL_DEVICE_SUB_GROUP_SIZES_INTEL, which ILGPU's enumeration lacks.</summary>
    private const CLDeviceInfoType SubGroupSizes = (CLDeviceInfoType)0x4108;

    /// <summary>CL_FP_FMA in CL_DEVICE_SINGLE_FP_CONFIG.</summary>
    private const long Fma = 1 << 5;

    /// <summary>Those of most devices.</summary>
    public static OpenClFeatures Usual { get; } = new(HasFma: true, LeastSubGroup: null);

    /// <summary>Those of a device.</summary>
    public static OpenClFeatures Of(CLDevice device) => new(
        (device.GetDeviceInfo<long>(CLDeviceInfoType.CL_DEVICE_SINGLE_FP_CONFIG) & Fma) != 0,
        // Registers are divided so by GPUs only; PoCL has the extension for processors.
        device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU) && device.HasExtension("cl_intel_required_subgroup_size")
            ? LeastOf(device)
            : null);

    private static int? LeastOf(CLDevice device)
    {
        // A driver that has more sizes refuses to tell any.
        nint[] sizes = new nint[64];
        CLAPI.CurrentAPI.GetDeviceInfo(device.DeviceId, SubGroupSizes, sizes);
        return sizes.Where(size => size > 0).Select(size => (int?)size).Min();
    }
}
