using MathNet.Numerics.Statistics;

namespace IlgpuDistance.Training.Statistics;

/// <summary>What a sample of independent values is, in a few figures.</summary>
/// <param name="Count">Number of values, at least 1.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Sample standard deviation, with n − 1 in the denominator; NaN for a single value.</param>
internal sealed record SampleSummary(int Count, double Mean, double StandardDeviation)
{
    /// <summary>The smallest value; NaN where only mean and deviation are known, as for published figures.</summary>
    public double Minimum { get; private init; } = double.NaN;

    /// <summary>The largest value; NaN where only mean and deviation are known.</summary>
    public double Maximum { get; private init; } = double.NaN;

    /// <summary>The middle value; NaN where only mean and deviation are known.</summary>
    public double Median { get; private init; } = double.NaN;

    /// <summary>Whether a deviation and therefore tests exist: at least two values.</summary>
    public bool HasSpread => Count >= 2;

    /// <summary>s²/n, the square of the standard error of the mean.</summary>
    public double SquaredStandardError => StandardDeviation * StandardDeviation / Count;

    /// <summary>The confidence interval of the mean, mean ± t(n − 1) · s/√n; null for a single value.</summary>
    public Interval? MeanInterval
    {
        get
        {
            if (!HasSpread)
                return null;
            double half = TDistribution.HalfWidth(Count - 1) * Math.Sqrt(SquaredStandardError);
            return new Interval(Mean - half, Mean + half);
        }
    }

    /// <summary>Summarises values.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static SampleSummary Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("expected at least one value", nameof(values));
        var (mean, deviation) = values.MeanStandardDeviation();
        return new SampleSummary(values.Count, mean, deviation)
        {
            Minimum = values.Minimum(),
            Maximum = values.Maximum(),
            Median = values.Median(),
        };
    }
}
