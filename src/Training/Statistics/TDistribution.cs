using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace IlgpuDistance.Training.Statistics;

/// <summary>Student's t distribution, as tests and confidence intervals use it.</summary>
internal static class TDistribution
{
    /// <summary>
    /// The probability of a value at least as far from 0: P(|T| ≥ |t|) = I_x(ν/2, 1/2), x = ν/(ν + t²), with the regularized
    /// incomplete beta function I. It keeps its relative accuracy where the probability is tiny; 1 − P(|T| &lt; |t|) would not,
    /// but is the better one near 0, where x would lose t².
    /// </summary>
    /// <param name="t">The value; 0 has probability 1, and an infinite one 0.</param>
    /// <param name="degrees">Degrees of freedom ν, above 0; need not be whole.</param>
    public static double BothTails(double t, double degrees)
    {
        if (double.IsNaN(t) || double.IsNaN(degrees))
            return double.NaN;
        double square = t * t;
        return double.IsInfinity(square) ? 0
            : square < 1 ? 1 - SpecialFunctions.BetaRegularized(0.5, degrees / 2, square / (degrees + square))
            : SpecialFunctions.BetaRegularized(degrees / 2, 0.5, degrees / (degrees + square));
    }

    /// <summary>The half width of a confidence interval of <see cref="Interval.Confidence"/>, in standard errors.</summary>
    /// <param name="degrees">Degrees of freedom, above 0.</param>
    public static double HalfWidth(double degrees) => StudentT.InvCDF(0, 1, degrees, (1 + Interval.Confidence) / 2);
}
