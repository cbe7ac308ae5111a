namespace IlgpuDistance.Training.Statistics;

/// <summary>Student's and Welch's tests of the difference between two means, all two-sided.</summary>
internal static class TTest
{
    /// <summary>
    /// Pooled two-sample test, the one with which arXiv:2502.02103 compares models (its 38 degrees of freedom are 20 + 20 − 2):
    /// s² = ((n₁ − 1) s₁² + (n₂ − 1) s₂²) / (n₁ + n₂ − 2), standard error s √(1/n₁ + 1/n₂). It assumes equal variances.
    /// </summary>
    /// <returns>Null where the samples have not three values together, or one has none.</returns>
    public static TTestResult? Pooled(SampleSummary first, SampleSummary second)
    {
        // A single value has no deviation of its own, so that only the other sample tells how wide values scatter.
        int degrees = first.Count + second.Count - 2;
        if (degrees < 1)
            return null;
        double error = Math.Sqrt(EffectSize.PooledVariance(first, second) * (1.0 / first.Count + 1.0 / second.Count));
        return new TTestResult(first.Mean - second.Mean, error, degrees);
    }

    /// <summary>
    /// Welch's test, which does not assume equal variances: standard error √(e₁ + e₂) with e = s²/n, and
    /// (e₁ + e₂)² / (e₁²/(n₁ − 1) + e₂²/(n₂ − 1)) degrees of freedom.
    /// </summary>
    /// <returns>Null where a sample has fewer than two values.</returns>
    public static TTestResult? Welch(SampleSummary first, SampleSummary second)
    {
        if (!first.HasSpread || !second.HasSpread)
            return null;
        double e1 = first.SquaredStandardError, e2 = second.SquaredStandardError;
        double degrees = (e1 + e2) * (e1 + e2) / (e1 * e1 / (first.Count - 1) + e2 * e2 / (second.Count - 1));
        return new TTestResult(first.Mean - second.Mean, Math.Sqrt(e1 + e2), degrees);
    }

    /// <summary>Paired test: that of the differences between values that belong together, n − 1 degrees of freedom.</summary>
    /// <param name="first">Values.</param>
    /// <param name="second">Their partners, in the same order.</param>
    /// <returns>Null where there are fewer than two pairs.</returns>
    /// <exception cref="ArgumentException">A value has no partner.</exception>
    public static TTestResult? Paired(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"expected {first.Count} partners, found {second.Count}", nameof(second));
        if (first.Count < 2)
            return null;
        SampleSummary differences = SampleSummary.Of([.. first.Zip(second, (a, b) => a - b)]);
        return new TTestResult(differences.Mean, Math.Sqrt(differences.SquaredStandardError), differences.Count - 1);
    }
}
