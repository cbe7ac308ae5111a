namespace IlgpuDistance.Training.Statistics;

/// <summary>A closed interval; throughout the reports the 95 % confidence interval of what stands beside it.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>The probability with which a confidence interval covers what it estimates.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// The part of the interval between two limits that what it estimates cannot pass, as a mean of percentages 0 and 100: the
    /// impossible values that are cut off cover nothing, so that the confidence stays what it is.
    /// </summary>
    public Interval Within(double lowest, double highest) =>
        new(Math.Clamp(Low, lowest, highest), Math.Clamp(High, lowest, highest));

    /// <summary>Whether a value lies in the interval, ends included.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
