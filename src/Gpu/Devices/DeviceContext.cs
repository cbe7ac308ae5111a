using ILGPU;
using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>Makes the contexts in which kernels are compiled, with a device or without one: all compile the same code.</summary>
internal static class DeviceContext
{
    /// <summary>A context without devices; whoever opens one brings it.</summary>
    /// <param name="profiling">Whether the devices' queues take the times of events, which some drivers make slower.</param>
    public static Context Create(bool profiling = false)
    {
        Context context = Context.Create(builder =>
        {
            // On PTX, exp and log exist in ILGPU.Algorithms only. The default mathematics is the precise one.
            builder.Optimize(OptimizationLevel.O2).EnableAlgorithms();
            if (profiling)
                builder.Profiling();
        });
        LocalBarrier.Register(context);
        DeviceMath.Register(context);
        return context;
    }
}
