using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>The devices of the CUDA driver, and why there are none where the driver is installed.</summary>
internal static unsafe class CudaDevices
{
    /// <summary>The driver was updated under a running system; ILGPU's enumeration of errors lacks it.</summary>
    private const CudaError SystemDriverMismatch = (CudaError)803;

    /// <summary>The variable of the environment that says which devices the driver shows, and in which order.</summary>
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    /// <summary>Its value; null where it is not set.</summary>
    public static string? Visible => Environment.GetEnvironmentVariable(Variable);

    /// <summary>All devices in the driver's order; nothing where no CUDA driver is installed.</summary>
    public static IEnumerable<DetectedDevice> Find()
    {
        CudaAPI api = CudaAPI.CurrentAPI;
        if (!api.IsSupported)
            return ExplainAbsence() is { } reason ? [Failed("cuda", "the CUDA driver", reason)] : [];
        CudaException.ThrowIfFailed(api.GetDeviceCount(out int count));

        // ILGPU swallows what fails here and leaves out the device that failed and those behind it.
        Dictionary<int, CudaDevice> described =
            CudaDevice.GetDevices(_ => true).Cast<CudaDevice>().ToDictionary(device => device.DeviceId);
        return Enumerable.Range(0, count).Select(index => described.TryGetValue(index, out CudaDevice? device)
            ? Describe(device)
            : Failed($"cuda:{index}", "a CUDA device", "failed to describe itself to ILGPU, or one before it did"));
    }

    private static DetectedDevice Describe(CudaDevice device) => new(new DeviceInfo
    {
        Selector = $"cuda:{device.DeviceId}",
        Kind = DeviceKind.Cuda,
        Name = device.Name,
        Vendor = "NVIDIA",
        Driver = $"CUDA {device.DriverVersion}, {device.Architecture}",
        PciAddress = $"{device.PCIDomainId:x4}:{device.PCIBusId:x2}:{device.PCIDeviceId:x2}.0",
        MemoryBytes = device.MemorySize,
        ComputeUnits = device.NumMultiprocessors,
        LargestGroup = device.MaxNumThreadsPerGroup,
        WarpSize = device.WarpSize,
        SharedMemoryBytesPerGroup = device.MaxSharedMemoryPerGroup,
        IsGpu = true,
        Refusal = device.InstructionSet is null
            ? $"needs a newer driver: ILGPU knows no PTX version for {device.Architecture} with CUDA {device.DriverVersion}"
            : null,
    }, device);

    /// <summary>Asks the driver again, because ILGPU hides why it could not start; null where no driver is installed.</summary>
    private static string? ExplainAbsence()
    {
        string library = OperatingSystem.IsWindows() ? "nvcuda" : "cuda";
        if (!NativeLibraries.TryLoad(library, out IntPtr handle))
            return null;
        if (!NativeLibrary.TryGetExport(handle, "cuInit", out IntPtr start))
            return "has no function cuInit; install NVIDIA's driver again";
        var result = (CudaError)((delegate* unmanaged<uint, int>)start)(0);
        return result switch
        {
            CudaError.CUDA_SUCCESS => "is too old for ILGPU or lacks a function that it needs",
            CudaError.CUDA_ERROR_NO_DEVICE when Visible is { } visible =>
                $"is installed, but finds no device with {Variable}=\"{visible}\"",
            CudaError.CUDA_ERROR_NO_DEVICE => "is installed, but finds no device",
            SystemDriverMismatch => "is not the version that the system has loaded; restart the machine",
            _ => $"is installed, but does not start ({DriverErrors.Describe(result)})",
        };
    }

    private static DetectedDevice Failed(string selector, string name, string refusal) =>
        new(new DeviceInfo { Selector = selector, Kind = DeviceKind.Cuda, Name = name, IsGpu = true, Refusal = refusal }, null);
}
