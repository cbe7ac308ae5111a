using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Tests.Profiling;

/// <summary>The texts of all kernels, compiled once for all tests that look for something in them: that takes seconds.</summary>
internal static class AllKernels
{
    private static readonly Lazy<IReadOnlyList<KernelSource>> CompiledOpenCl = new(() => KernelCompiler.CompileOpenCl()),
        CompiledPtx = new(() => KernelCompiler.CompilePtx("sm_80"));

    public static IReadOnlyList<KernelSource> OpenCl => CompiledOpenCl.Value;

    /// <summary>For sm_80.</summary>
    public static IReadOnlyList<KernelSource> Ptx => CompiledPtx.Value;
}
