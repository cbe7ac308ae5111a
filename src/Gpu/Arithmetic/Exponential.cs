namespace IlgpuDistance.Gpu.Arithmetic;

/// <summary>
/// The part of exp that kernels and SIMD code compute alike: e^x = 2ⁿ e^r, with n the whole number next to x / ln 2.
/// Polynomial and reduction: S. L. Moshier, Cephes library, expf.
/// </summary>
internal static class Exponential
{
    public const float Log2OfE = 1.44269504f;

    // ln 2 as the sum of a number with few digits, whose products with small integers are exact, and the rest.
    public const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>e^r, r = x − n ln 2.</summary>
    public static T OfRest<TMath, T>(T x, T minusN) where TMath : struct, IArithmetic<T>
    {
        T r = TMath.MultiplyAdd(minusN, TMath.Create(Ln2High), x);
        r = TMath.MultiplyAdd(minusN, TMath.Create(Ln2Low), r);
        T p = TMath.Create(1.9875691500e-4f);
        p = TMath.MultiplyAdd(p, r, TMath.Create(1.3981999507e-3f));
        p = TMath.MultiplyAdd(p, r, TMath.Create(8.3334519073e-3f));
        p = TMath.MultiplyAdd(p, r, TMath.Create(4.1665795894e-2f));
        p = TMath.MultiplyAdd(p, r, TMath.Create(1.6666665459e-1f));
        p = TMath.MultiplyAdd(p, r, TMath.Create(5.0000001201e-1f));
        return TMath.Add(TMath.MultiplyAdd(TMath.Multiply(p, r), r, r), TMath.Create(1));
    }
}
