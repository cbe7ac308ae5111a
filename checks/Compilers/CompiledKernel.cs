using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Compilers;

/// <summary>A kernel of the catalogue as it runs on one device.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Target">The device.</param>
/// <param name="Source">What ILGPU wrote.</param>
/// <param name="Resources">What it takes of the device.</param>
/// <param name="Code">What the compiler made of it.</param>
internal sealed record CompiledKernel(Kernel Kernel, Target Target, string Source, ResourceUsage Resources, MachineCode Code)
{
    /// <summary>The innermost loop of a product; null for other kernels, and where there is none.</summary>
    public InstructionMix? Loop { get; } =
        Kernel.IsProduct && Code.InnermostLoop() is { } loop ? new InstructionMix(loop) : null;

    /// <summary>
    /// Whether its innermost step is another than a multiply-add: the prototype layers subtract, weight and square.
    /// </summary>
    public bool HasPrototypeStep { get; } = Kernel.Method.DeclaringType is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(PrototypeKernels<>);
}
