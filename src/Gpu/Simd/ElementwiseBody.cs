using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>A layer that treats every value by itself; it maps 0 to 0, so that padding stays zero.</summary>
internal sealed unsafe class ElementwiseBody<TOperation, TSimd, TVector>(PlannedLayer planned, float* parameters)
    : LayerBody(planned, parameters)
    where TOperation : struct, IElementwise
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public override void Forward(in Block block, float* x, float* y)
    {
        nint count = (nint)block.Rows * Planned.OutputStride;
        for (nint n = 0; n < count; n += TSimd.Count)
            TSimd.Store(TOperation.Forward<TSimd, TVector>(TSimd.Load(x + n)), y + n);
    }

    public override void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients)
    {
        nint count = dx == null ? 0 : (nint)block.Rows * Planned.OutputStride;
        for (nint n = 0; n < count; n += TSimd.Count)
            TSimd.Store(TOperation.Backward<TSimd, TVector>(TSimd.Load(x + n), TSimd.Load(dy + n)), dx + n);
    }
}
