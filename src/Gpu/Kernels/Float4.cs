using System.Runtime.InteropServices;
using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>Four floats that are loaded and stored as one: 128 bits.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Float4(float x, float y, float z, float w)
{
    public float X = x, Y = y, Z = z, W = w;

    public static Float4 operator +(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    public static Float4 operator -(Float4 a, Float4 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z, a.W - b.W);

    public static Float4 operator *(Float4 a, Float4 b) => new(
        DeviceMath.Multiply(a.X, b.X), DeviceMath.Multiply(a.Y, b.Y), DeviceMath.Multiply(a.Z, b.Z),
        DeviceMath.Multiply(a.W, b.W));

    /// <summary>The first so many of the four; 0 for the others.</summary>
    public readonly Float4 Before(int end) => new(0 < end ? X : 0, 1 < end ? Y : 0, 2 < end ? Z : 0, 3 < end ? W : 0);

    /// <summary>a · b + c, fused.</summary>
    public static Float4 MultiplyAdd(Float4 a, Float4 b, Float4 c) => new(
        DeviceMath.MultiplyAdd(a.X, b.X, c.X), DeviceMath.MultiplyAdd(a.Y, b.Y, c.Y), DeviceMath.MultiplyAdd(a.Z, b.Z, c.Z),
        DeviceMath.MultiplyAdd(a.W, b.W, c.W));

    /// <summary>a · b + c, fused.</summary>
    public static Float4 MultiplyAdd(float a, Float4 b, Float4 c) => MultiplyAdd(new Float4(a, a, a, a), b, c);
}
