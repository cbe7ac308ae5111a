using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// The PTX that a driver gets: ILGPU's text, without what ILGPU 1.5.3 promises wrongly. It calls a branch uniform whose condition
/// follows from the result of an intrinsic, which it takes for the same in all work-items of a warp; a driver may build on that.
/// So no condition is called uniform: NVIDIA's compiler finds out for itself which are.
/// </summary>
internal static partial class PtxSource
{
    /// <summary>A compiled kernel with the text as it has to be.</summary>
    public static PTXCompiledKernel Complete(PTXCompiledKernel kernel) =>
        Create(kernel.Context, EntryPointOf(kernel), kernel.Info, Complete(kernel.PTXAssembly));

    /// <summary>The text as it has to be.</summary>
    internal static string Complete(string assembly) => UniformCondition.Replace(assembly, "$1");

    // ILGPU makes both of these for itself only.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern PTXCompiledKernel Create(
        Context context, EntryPoint entryPoint, CompiledKernel.KernelInfo? info, string assembly);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    internal static extern EntryPoint EntryPointOf(CompiledKernel kernel);

    [GeneratedRegex(@"(@!?%p\d+ bra)\.uni\b")]
    private static partial Regex UniformCondition { get; }
}
