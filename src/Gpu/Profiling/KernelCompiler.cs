using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>
/// Compiles the kernels of the catalogue with no device present: through the same context, back end and specialization as on
/// a device, so that the text is what its driver gets. (But for names and the order of instructions that do not depend on each
/// other: these ILGPU 1.5.3 takes from what it has compiled before.)
/// </summary>
internal static class KernelCompiler
{
    private static readonly Dictionary<string, CudaArchitecture> Architectures = new()
    {
        ["sm_75"] = CudaArchitecture.SM_75,
        ["sm_80"] = CudaArchitecture.SM_80,
        ["sm_86"] = CudaArchitecture.SM_86,
        ["sm_89"] = CudaArchitecture.SM_89,
        ["sm_90"] = CudaArchitecture.SM_90,
    };

    /// <summary>NVIDIA's architectures that PTX can be written for, oldest first: Turing to Hopper.</summary>
    public static IReadOnlyList<string> PtxArchitectures { get; } = [.. Architectures.Keys];

    /// <summary>All kernels, in the order in which an epoch needs them.</summary>
    public static IReadOnlyList<KernelInfo> Kernels { get; } =
    [
        .. KernelCatalogue.All.Select(kernel => new KernelInfo
        {
            Name = kernel.Name,
            Operation = kernel.Operation,
            Flop = kernel.Flop.Text,
            Bytes = kernel.Bytes.Text,
            GroupSize = Tiles.GroupSize,
            SharedBytes = kernel.SharedBytes,
            IsProduct = kernel.IsProduct,
        }),
    ];

    /// <summary>
    /// Compiles all kernels to PTX. ILGPU names no later target than sm_80 in it, on a device neither: which machine code it
    /// becomes is the driver's business, or that of ptxas.
    /// </summary>
    /// <param name="architecture">One of <see cref="PtxArchitectures"/>.</param>
    /// <exception cref="InputException">The architecture is none of them.</exception>
    public static IReadOnlyList<KernelSource> CompilePtx(string architecture)
    {
        if (!Architectures.TryGetValue(architecture, out CudaArchitecture target))
            throw new InputException($"architecture \"{architecture}\": expected {string.Join(", ", PtxArchitectures)}");
        // The version of PTX for the oldest driver that knows the architecture: newer ones, and ptxas, read it as well.
        return CompilePtx(target, CudaAccelerator.GetInstructionSet(
            target, CudaDriverVersionUtils.GetMinimumDriverVersion(target)));
    }

    /// <summary>Compiles all kernels to PTX of a given version.</summary>
    internal static IReadOnlyList<KernelSource> CompilePtx(CudaArchitecture architecture, CudaInstructionSet version)
    {
        using Context context = DeviceContext.Create();
        using var backend = new PTXBackend(context, architecture, version, null!);
        return
        [
            .. KernelCatalogue.All.Select(kernel => new KernelSource(
                kernel.Name, $"{kernel.Name}.ptx",
                ((PTXCompiledKernel)kernel.Compile(backend)).PTXAssembly)),
        ];
    }

    /// <summary>
    /// Compiles all kernels to OpenCL C 2.0. On a device that has optional types ILGPU puts a line before it that enables them;
    /// no kernel uses one.
    /// </summary>
    /// <param name="features">Of the device; the usual ones if null.</param>
    public static IReadOnlyList<KernelSource> CompileOpenCl(OpenClFeatures? features = null)
    {
        using Context context = DeviceContext.Create();
        var capabilities = new CLCapabilityContext(
            float16: false, float64: false, genericAddressSpace: true, int64_Atomics: false, subGroups: false);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, CLBackend.MinimumVersion);
        return
        [
            .. KernelCatalogue.All.Select(kernel => new KernelSource(
                kernel.Name, $"{kernel.Name}.cl",
                ((CLCompiledKernel)kernel.Compile(backend, features)).Source)),
        ];
    }
}
