using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>Memory of an accelerator, whose lack is told in words.</summary>
internal static class DeviceMemory
{
    /// <summary>What is free or, where a device does not tell, all that it has.</summary>
    public static long FreeBytes(Accelerator accelerator) => accelerator switch
    {
        CudaAccelerator cuda => cuda.GetFreeMemory(),
        CPUAccelerator => HostMemory.FreeBytes,
        _ => accelerator.MemorySize,
    };

    /// <summary>Takes memory, which is not zeroed.</summary>
    /// <param name="accelerator">Of which accelerator.</param>
    /// <param name="length">Number of values.</param>
    /// <exception cref="MemoryException">It does not fit.</exception>
    /// <exception cref="AcceleratorException">The device fails otherwise.</exception>
    public static MemoryBuffer1D<T, Stride1D.Dense> Take<T>(this Accelerator accelerator, long length) where T : unmanaged
    {
        long bytes = HostMemory.BytesOf<T>((UInt128)length);
        if (accelerator is CPUAccelerator)
            HostMemory.Require(bytes, accelerator.Name);
        try
        {
            return accelerator.Allocate1D<T>(length);
        }
        catch (Exception error) when (HostMemory.IsShortage(error))
        {
            throw new MemoryException(accelerator.Name, bytes, FreeBytes(accelerator), cause: error);
        }
    }

    /// <summary>Takes memory for values, and copies them there.</summary>
    /// <param name="accelerator">Of which accelerator.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="MemoryException">It does not fit.</exception>
    /// <exception cref="AcceleratorException">The device fails otherwise.</exception>
    public static MemoryBuffer1D<T, Stride1D.Dense> Take<T>(this Accelerator accelerator, T[] values) where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Take<T>(values.Length);
        buffer.CopyFromCPU(values);
        return buffer;
    }
}
