using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Checks.Ptx;

/// <summary>A kernel of the catalogue as it runs on one architecture.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Architecture">The architecture.</param>
/// <param name="Ptx">What ILGPU wrote.</param>
/// <param name="Resources">What it takes of a multiprocessor.</param>
/// <param name="Code">What ptxas made of it.</param>
internal sealed record AssembledKernel(Kernel Kernel, Multiprocessor Architecture, string Ptx, ResourceUsage Resources,
    MachineCode Code)
{
    /// <summary>Resident warps as a share of those that fit at most.</summary>
    public double Occupancy => Architecture.Occupancy(Tiles.GroupSize, Resources.Registers, Resources.SharedBytes);

    /// <summary>The innermost loop of a product; null for other kernels, and where there is none.</summary>
    public InstructionMix? Loop { get; } =
        Kernel.IsProduct && Code.InnermostLoop() is { } loop ? new InstructionMix(loop) : null;

    /// <summary>
    /// Whether its innermost step is another than a multiply-add: the prototype layers subtract, weight and square.
    /// </summary>
    public bool HasPrototypeStep { get; } = Kernel.Method.DeclaringType is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(PrototypeKernels<>);

    /// <summary>
    /// Assembles all kernels for all architectures, on all processors.
    /// </summary>
    /// <exception cref="Gpu.Errors.InputException">The assembler cannot be started or refuses a kernel.</exception>
    public static IReadOnlyList<AssembledKernel> AssembleAll(Assembler assembler)
    {
        Dictionary<string, Kernel> kernels = KernelCatalogue.All.ToDictionary(kernel => kernel.Name);
        var sources = Multiprocessor.All.SelectMany(
            architecture => KernelCompiler.CompilePtx(architecture.Architecture)
                .Select(source => (Architecture: architecture, Source: source)));
        return
        [
            .. sources.AsParallel().AsOrdered().Select(one =>
            {
                var (resources, code) = assembler.Assemble(one.Source.Text, one.Architecture.Architecture);
                return new AssembledKernel(kernels[one.Source.Kernel], one.Architecture, one.Source.Text, resources, code);
            }),
        ];
    }
}
