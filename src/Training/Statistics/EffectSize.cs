namespace IlgpuDistance.Training.Statistics;

/// <summary>How large a difference is beside the scatter of single values.</summary>
internal static class EffectSize
{
    /// <summary>Cohen's d: the difference of the means over the pooled standard deviation.</summary>
    /// <returns>
    /// Null where the samples have not three values together; infinite where no sample has any spread but the means differ.
    /// </returns>
    public static double? CohenD(SampleSummary first, SampleSummary second) =>
        first.Count + second.Count < 3 ? null : (first.Mean - second.Mean) / Math.Sqrt(PooledVariance(first, second));

    /// <summary>((n₁ − 1) s₁² + (n₂ − 1) s₂²) / (n₁ + n₂ − 2); a single value adds nothing.</summary>
    internal static double PooledVariance(SampleSummary first, SampleSummary second) =>
        (SumOfSquares(first) + SumOfSquares(second)) / (first.Count + second.Count - 2);

    private static double SumOfSquares(SampleSummary sample) =>
        sample.HasSpread ? (sample.Count - 1) * sample.StandardDeviation * sample.StandardDeviation : 0;
}
