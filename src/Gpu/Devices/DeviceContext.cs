using ILGPU;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>Makes the contexts in which kernels are compiled, with a device or without one: all compile the same code.</summary>
internal static class DeviceContext
{
    /// <summary>A context without devices; whoever opens one brings it.</summary>
    public static Context Create()
    {
        // On PTX, exp and log exist in ILGPU.Algorithms only. The default mathematics is the precise one.
        Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2).EnableAlgorithms());
        LocalBarrier.Register(context);
        return context;
    }
}
