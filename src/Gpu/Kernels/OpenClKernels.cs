using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The kernels in OpenCL C, as far as ILGPU compiles them, once for each device of the machine, however often it is opened. Each
/// is compiled in a context of its own: in one that has compiled others ILGPU 1.5.3 puts instructions that do not depend on each
/// other in another order. A driver that keeps what it compiled, which takes it a second for a kernel, would not find it.
/// </summary>
internal static class OpenClKernels
{
    private static readonly ConcurrentDictionary<(Kernel, nint DeviceId), Lazy<Func<Context, CLCompiledKernel>>> Compiled = [];

    /// <summary>A kernel for a device, to be loaded there.</summary>
    public static CLCompiledKernel Compile(Kernel kernel, CLAccelerator accelerator) =>
        Compiled.GetOrAdd((kernel, accelerator.Device.DeviceId), _ => new(
                () => CompileAlone(kernel, accelerator), LazyThreadSafetyMode.PublicationOnly))
            .Value(accelerator.Context);

    /// <summary>Compiles a kernel; what is kept of it does not keep the context in which that was done.</summary>
    private static Func<Context, CLCompiledKernel> CompileAlone(Kernel kernel, CLAccelerator accelerator)
    {
        var device = (CLBackend)accelerator.GetBackend();
        using Context context = DeviceContext.Create();
        using var backend = new CLBackend(context, device.Capabilities, device.Vendor, device.CLStdVersion);
        var compiled = (CLCompiledKernel)kernel.Compile(backend, OpenClFeatures.Of(accelerator.Device));
        var entryPoint = (SeparateViewEntryPoint)PtxSource.EntryPointOf(compiled);
        var (info, source, version) = (compiled.Info, compiled.Source, compiled.CVersion);
        return target => new CLCompiledKernel(target, entryPoint, info, source, version);
    }
}
