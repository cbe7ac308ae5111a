using MathNet.Numerics.Distributions;

namespace IlgpuDistance.Training.Statistics;

/// <summary>How much wider one sample scatters than another: the ratio of their standard deviations.</summary>
/// <param name="Ratio">s₁/s₂; infinite where only the second has no spread.</param>
/// <param name="RatioInterval">Its confidence interval.</param>
internal sealed record SpreadRatio(double Ratio, Interval RatioInterval)
{
    /// <summary>
    /// Compares two samples. (s₁²/s₂²)/(σ₁²/σ₂²) has the F distribution with n₁ − 1 and n₂ − 1 degrees of freedom if the values
    /// are normal, so that s₁²/s₂² divided by F's quantiles bounds the ratio of the variances.
    /// </summary>
    /// <returns>Null where a sample has fewer than two values, or neither has any spread.</returns>
    public static SpreadRatio? Of(SampleSummary first, SampleSummary second)
    {
        if (!first.HasSpread || !second.HasSpread || first.StandardDeviation == 0 && second.StandardDeviation == 0)
            return null;
        double ratio = first.StandardDeviation / second.StandardDeviation;
        double low = ratio / Math.Sqrt(UpperQuantile(first.Count - 1, second.Count - 1));
        double high = ratio * Math.Sqrt(UpperQuantile(second.Count - 1, first.Count - 1));
        return new SpreadRatio(ratio, new Interval(low, high));
    }

    /// <summary>
    /// The value that F with the given degrees of freedom exceeds with probability q = (1 − confidence)/2. If x is the
    /// q-quantile of the beta distribution B(d₂/2, d₁/2), then (d₂/d₁)(1 − x)/x is that value of F.
    /// </summary>
    private static double UpperQuantile(int d1, int d2)
    {
        double x = Beta.InvCDF(d2 / 2.0, d1 / 2.0, (1 - Interval.Confidence) / 2);
        return (double)d2 / d1 * (1 - x) / x;
    }
}
