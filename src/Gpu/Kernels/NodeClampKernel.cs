using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The kernel of <see cref="NodeClampKernels{TKind}"/> for a kind of sum; null where sums cannot be had from outputs.
/// </summary>
/// <param name="hasNegativeWeights">Whether some weight is negative.</param>
internal sealed class NodeClampKernel(bool hasNegativeWeights) : IInputSumVisitor<Kernel<NodeClampArguments>?>
{
    public Kernel<NodeClampArguments>? Sum<TKind>() where TKind : struct, IInputSum =>
        TKind.OutputIsSum || !hasNegativeWeights ? NodeClampKernels<TKind>.CountCorrect : null;
}
