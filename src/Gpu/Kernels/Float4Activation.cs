using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary><see cref="Activation"/> for four values at a time.</summary>
internal static class Float4Activation
{
    /// <summary>f(z) for each of four.</summary>
    public static Float4 Value(this Activation f, Float4 z) =>
        f.Positive == 1 && f.Negative == 1 ? z : new(f.Value(z.X), f.Value(z.Y), f.Value(z.Z), f.Value(z.W));

    /// <summary>f′(z) · gradient for each of four.</summary>
    public static Float4 Backward(this Activation f, Float4 z, Float4 gradient) => new(
        f.Backward(z.X, gradient.X), f.Backward(z.Y, gradient.Y), f.Backward(z.Z, gradient.Z), f.Backward(z.W, gradient.W));
}
