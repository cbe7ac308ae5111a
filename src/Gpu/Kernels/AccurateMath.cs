using ILGPU;
using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// exp and log in plain float32 arithmetic, within 2 units in the last place on every device. (NVIDIA's ex2 and lg2
/// instructions, to which libraries map them, lose several digits for large arguments and near 1.)
/// Polynomial and reduction of the logarithm: S. L. Moshier, Cephes library, logf.
/// </summary>
internal static class AccurateMath
{
    /// <summary>e to the x, for x ≤ 0 (what softmax needs): 0 below <see cref="SoftmaxTail.LeastExponent"/>.</summary>
    public static float Exp(float x)
    {
        if (x < SoftmaxTail.LeastExponent)
            return 0;
        // Below a NaN comes out as one: the polynomial passes it on.
        int n = (int)DeviceMath.MultiplyAdd(x, Exponential.Log2OfE, -0.5f);
        float e = Exponential.OfRest<ScalarArithmetic, float>(x, -n);
        return e * Interop.IntAsFloat((uint)(n + 127) << 23);
    }

    /// <summary>Natural logarithm of a finite x ≥ 1 (what softmax's sum is).</summary>
    public static float Log(float x)
    {
        if (!(x >= 1) || x > float.MaxValue)
            return x - x + x;
        uint bits = Interop.FloatAsInt(x);
        int exponent = (int)(bits >> 23) - 127;
        float m = Interop.IntAsFloat((bits & 0x007FFFFF) | 0x3F800000);
        if (m > 1.41421356f)
        {
            m *= 0.5f;
            exponent++;
        }
        float r = m - 1, z = r * r;
        float p = 7.0376836292e-2f;
        p = DeviceMath.MultiplyAdd(p, r, -1.1514610310e-1f);
        p = DeviceMath.MultiplyAdd(p, r, 1.1676998740e-1f);
        p = DeviceMath.MultiplyAdd(p, r, -1.2420140846e-1f);
        p = DeviceMath.MultiplyAdd(p, r, 1.4249322787e-1f);
        p = DeviceMath.MultiplyAdd(p, r, -1.6668057665e-1f);
        p = DeviceMath.MultiplyAdd(p, r, 2.0000714765e-1f);
        p = DeviceMath.MultiplyAdd(p, r, -2.4999993993e-1f);
        p = DeviceMath.MultiplyAdd(p, r, 3.3333331174e-1f);
        float low = DeviceMath.MultiplyAdd(-0.5f, z, DeviceMath.MultiplyAdd(p * r, z, exponent * Exponential.Ln2Low));
        return DeviceMath.MultiplyAdd(exponent, Exponential.Ln2High, r + low);
    }
}
