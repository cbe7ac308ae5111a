namespace IlgpuDistance.Training.Statistics;

/// <summary>What a t-test of the difference between two means found.</summary>
/// <param name="Difference">The difference of the means, first minus second.</param>
/// <param name="StandardError">The standard error of the difference, above 0.</param>
/// <param name="Degrees">Degrees of freedom.</param>
internal sealed record TTestResult(double Difference, double StandardError, double Degrees)
{
    /// <summary>Difference over standard error.</summary>
    public double T => Difference / StandardError;

    /// <summary>The two-sided probability of such a T if the means are equal.</summary>
    public double P => TDistribution.BothTails(T, Degrees);

    /// <summary>The confidence interval of the difference.</summary>
    public Interval DifferenceInterval
    {
        get
        {
            double half = TDistribution.HalfWidth(Degrees) * StandardError;
            return new Interval(Difference - half, Difference + half);
        }
    }
}
