using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuDistance.Gpu.Arithmetic;

/// <summary>One float, in kernels and on the host.</summary>
internal readonly struct ScalarArithmetic : IArithmetic<float>
{
    public static float Zero => 0;
    public static float Create(float value) => value;
    public static float Add(float a, float b) => a + b;
    public static float Subtract(float a, float b) => a - b;
    public static float Multiply(float a, float b) => DeviceMath.Multiply(a, b);
    public static float Divide(float a, float b) => a / b;
    public static float MultiplyAdd(float a, float b, float c) => DeviceMath.MultiplyAdd(a, b, c);
    public static float Max(float a, float b) => a < b ? b : a;
    public static float Abs(float a) => IntrinsicMath.Abs(a);
    public static float Negate(float a) => -a;
    public static float Sqrt(float a) => XMath.Sqrt(a);
    public static float WhereGreater(float x, float limit, float value) => x > limit ? value : 0;
}
