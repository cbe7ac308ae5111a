namespace IlgpuDistance.Training.Statistics;

/// <summary>Student's and Welch's tests of the difference between two means, all two-sided.</summary>
internal static class TTest
{
    /// <summary>
    /// Values that differ by less than this part of them are the same: accuracies are parts of some thousand images, and no two
    /// of them lie so near each other, but rounding parts differences that are equal.
    /// </summary>
    private const double Rounding = 1e-12;

    /// <summary>
    /// Pooled two-sample test, the one with which arXiv:2502.02103 compares models (its 38 degrees of freedom are 20 + 20 − 2):
    /// s² = ((n₁ − 1) s₁² + (n₂ − 1) s₂²) / (n₁ + n₂ − 2), standard error s √(1/n₁ + 1/n₂). It assumes equal variances.
    /// </summary>
    /// <returns>Null where the samples have not three values together, or nothing scatters.</returns>
    public static TTestResult? Pooled(SampleSummary first, SampleSummary second)
    {
        // A single value has no deviation of its own, so that only the other sample tells how wide values scatter.
        int degrees = first.Count + second.Count - 2;
        if (degrees < 1)
            return null;
        double error = Math.Sqrt(EffectSize.PooledVariance(first, second) * (1.0 / first.Count + 1.0 / second.Count));
        return Result(first, second, error, degrees);
    }

    /// <summary>
    /// Welch's test, which does not assume equal variances: standard error √(e₁ + e₂) with e = s²/n, and
    /// (e₁ + e₂)² / (e₁²/(n₁ − 1) + e₂²/(n₂ − 1)) degrees of freedom.
    /// </summary>
    /// <returns>Null where a sample has fewer than two values, or neither scatters.</returns>
    public static TTestResult? Welch(SampleSummary first, SampleSummary second)
    {
        if (!first.HasSpread || !second.HasSpread)
            return null;
        double e1 = first.SquaredStandardError, e2 = second.SquaredStandardError;
        double degrees = (e1 + e2) * (e1 + e2) / (e1 * e1 / (first.Count - 1) + e2 * e2 / (second.Count - 1));
        return Result(first, second, Math.Sqrt(e1 + e2), degrees);
    }

    /// <summary>Paired test: that of the differences between values that belong together, n − 1 degrees of freedom.</summary>
    /// <param name="first">Values.</param>
    /// <param name="second">Their partners, in the same order.</param>
    /// <returns>Null where there are fewer than two pairs, or all differ by the same.</returns>
    /// <exception cref="ArgumentException">A value has no partner.</exception>
    public static TTestResult? Paired(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"expected {first.Count} partners, found {second.Count}", nameof(second));
        if (first.Count < 2)
            return null;
        SampleSummary differences = SampleSummary.Of([.. first.Zip(second, (a, b) => a - b)]);
        return Result(
            SampleSummary.Of(first), SampleSummary.Of(second), Math.Sqrt(differences.SquaredStandardError),
            differences.Count - 1);
    }

    /// <summary>
    /// A result; null for a standard error of 0. A few values that are the same by chance would otherwise make certain, with
    /// probability 0, what they say nothing about.
    /// </summary>
    private static TTestResult? Result(SampleSummary first, SampleSummary second, double error, double degrees) =>
        error <= Rounding * Math.Max(Math.Abs(first.Mean), Math.Abs(second.Mean))
            ? null
            : new TTestResult(first.Mean - second.Mean, error, degrees);
}
