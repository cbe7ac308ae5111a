namespace IlgpuDistance.Training.Statistics;

/// <summary>What a t-test of the difference between two means found.</summary>
/// <param name="Difference">The difference of the means, first minus second.</param>
/// <param name="StandardError">The standard error of the difference.</param>
/// <param name="Degrees">Degrees of freedom; NaN where neither sample has any spread and Welch's formula is 0/0.</param>
internal sealed record TTestResult(double Difference, double StandardError, double Degrees)
{
    /// <summary>Difference over standard error; NaN for 0/0, infinite where only the standard error is 0.</summary>
    public double T => Difference / StandardError;

    /// <summary>The two-sided probability of such a T if the means are equal; NaN where T is.</summary>
    public double P => StandardError == 0 ? (Difference == 0 ? double.NaN : 0) : TDistribution.BothTails(T, Degrees);

    /// <summary>The confidence interval of the difference; a point where the standard error is 0.</summary>
    public Interval DifferenceInterval
    {
        get
        {
            double half = StandardError == 0 ? 0 : TDistribution.HalfWidth(Degrees) * StandardError;
            return new Interval(Difference - half, Difference + half);
        }
    }
}
