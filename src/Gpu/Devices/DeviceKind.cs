namespace IlgpuDistance.Gpu.Devices;

/// <summary>The interface through which a device is driven.</summary>
public enum DeviceKind
{
    /// <summary>ILGPU's CPU accelerator: threads of this process.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through the CUDA driver.</summary>
    Cuda,

    /// <summary>A device through an OpenCL driver, of any vendor.</summary>
    OpenCL,
}
