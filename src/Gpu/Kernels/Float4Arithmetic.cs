using IlgpuDistance.Gpu.Arithmetic;
using Scalar = IlgpuDistance.Gpu.Arithmetic.ScalarArithmetic;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>Four floats of a work-item.</summary>
internal readonly struct Float4Arithmetic : IArithmetic<Float4>
{
    public static Float4 Zero => default;
    public static Float4 Create(float value) => new(value, value, value, value);
    public static Float4 Add(Float4 a, Float4 b) => a + b;
    public static Float4 Subtract(Float4 a, Float4 b) => a - b;
    public static Float4 Multiply(Float4 a, Float4 b) => a * b;
    public static Float4 Divide(Float4 a, Float4 b) => new(a.X / b.X, a.Y / b.Y, a.Z / b.Z, a.W / b.W);
    public static Float4 MultiplyAdd(Float4 a, Float4 b, Float4 c) => Float4.MultiplyAdd(a, b, c);
    public static Float4 Max(Float4 a, Float4 b) =>
        new(Scalar.Max(a.X, b.X), Scalar.Max(a.Y, b.Y), Scalar.Max(a.Z, b.Z), Scalar.Max(a.W, b.W));
    public static Float4 Abs(Float4 a) => new(Scalar.Abs(a.X), Scalar.Abs(a.Y), Scalar.Abs(a.Z), Scalar.Abs(a.W));
    public static Float4 Negate(Float4 a) => new(-a.X, -a.Y, -a.Z, -a.W);
    public static Float4 Sqrt(Float4 a) => new(Scalar.Sqrt(a.X), Scalar.Sqrt(a.Y), Scalar.Sqrt(a.Z), Scalar.Sqrt(a.W));
    public static Float4 WhereGreater(Float4 x, Float4 limit, Float4 value) => new(
        Scalar.WhereGreater(x.X, limit.X, value.X), Scalar.WhereGreater(x.Y, limit.Y, value.Y),
        Scalar.WhereGreater(x.Z, limit.Z, value.Z), Scalar.WhereGreater(x.W, limit.W, value.W));
}
