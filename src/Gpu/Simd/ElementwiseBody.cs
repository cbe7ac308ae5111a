using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>A layer that treats every value by itself; it maps 0 to 0, so that padding stays zero.</summary>
internal interface IElementwise
{
    /// <summary>y from x.</summary>
    static abstract TVector Forward<TSimd, TVector>(TVector x) where TSimd : struct, ISimd<TVector> where TVector : unmanaged;

    /// <summary>dx from x and dy.</summary>
    static abstract TVector Backward<TSimd, TVector>(TVector x, TVector dy)
        where TSimd : struct, ISimd<TVector> where TVector : unmanaged;
}

/// <summary>y = |x|, dx = sign(x) dy with sign(0) = 0.</summary>
internal readonly struct AbsOperation : IElementwise
{
    public static TVector Forward<TSimd, TVector>(TVector x) where TSimd : struct, ISimd<TVector> where TVector : unmanaged =>
        TSimd.Abs(x);

    public static TVector Backward<TSimd, TVector>(TVector x, TVector dy)
        where TSimd : struct, ISimd<TVector> where TVector : unmanaged =>
        TSimd.Subtract(TSimd.WhereGreater(x, TSimd.Zero, dy), TSimd.WhereGreater(TSimd.Zero, x, dy));
}

/// <summary>y = max(x, 0), dx = dy where x &gt; 0, else 0.</summary>
internal readonly struct ReLUOperation : IElementwise
{
    public static TVector Forward<TSimd, TVector>(TVector x) where TSimd : struct, ISimd<TVector> where TVector : unmanaged =>
        TSimd.Max(x, TSimd.Zero);

    public static TVector Backward<TSimd, TVector>(TVector x, TVector dy)
        where TSimd : struct, ISimd<TVector> where TVector : unmanaged => TSimd.WhereGreater(x, TSimd.Zero, dy);
}

/// <summary>y = −x, dx = −dy.</summary>
internal readonly struct NegOperation : IElementwise
{
    public static TVector Forward<TSimd, TVector>(TVector x) where TSimd : struct, ISimd<TVector> where TVector : unmanaged =>
        TSimd.Negate(x);

    public static TVector Backward<TSimd, TVector>(TVector x, TVector dy)
        where TSimd : struct, ISimd<TVector> where TVector : unmanaged => TSimd.Negate(dy);
}

/// <summary>Abs, ReLU or Neg.</summary>
internal sealed unsafe class ElementwiseBody<TOperation, TSimd, TVector>(PlannedLayer planned, float* parameters)
    : LayerBody(planned, parameters)
    where TOperation : struct, IElementwise
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public override void Forward(in Block block, float* x, float* y)
    {
        for (nint n = 0; n < (nint)block.Rows * Planned.OutputStride; n += TSimd.Count)
            TSimd.Store(TOperation.Forward<TSimd, TVector>(TSimd.Load(x + n)), y + n);
    }

    public override void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients)
    {
        for (nint n = 0; dx != null && n < (nint)block.Rows * Planned.OutputStride; n += TSimd.Count)
            TSimd.Store(TOperation.Backward<TSimd, TVector>(TSimd.Load(x + n), TSimd.Load(dy + n)), dx + n);
    }
}
