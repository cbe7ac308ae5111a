using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>The kernels that train and evaluate a kind of layer.</summary>
internal sealed class KernelsOfKind : ILayerVisitor<IEnumerable<Kernel>>
{
    public IEnumerable<Kernel> Linear() => LinearKernels.All;

    public IEnumerable<Kernel> Elementwise<TOperation>() where TOperation : struct, IElementwise => [];

    public IEnumerable<Kernel> Prototypes<TKind>() where TKind : struct, IPrototypeKind => PrototypeKernels<TKind>.All;
}
