using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>The kernels of a layer.</summary>
/// <param name="planned">The layer, one with parameters.</param>
/// <param name="queue">Where they are launched.</param>
internal sealed class KernelsMaker(PlannedLayer planned, KernelQueue queue) : ILayerVisitor<LayerKernels>
{
    public LayerKernels Linear() => new LinearKernels(planned, queue);

    public LayerKernels Elementwise<TOperation>() where TOperation : struct, IElementwise =>
        throw new NotSupportedException($"{planned.Layer} has no kernels: it is computed where values are loaded");

    public LayerKernels Prototypes<TKind>() where TKind : struct, IPrototypeKind => new PrototypeKernels<TKind>(planned, queue);
}
