using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Spearman's rank correlation: Pearson's correlation of the ranks, where equal values share the mean of theirs, as
/// scipy.stats.spearmanr has it. The sums are exact.
/// </summary>
internal static class RankCorrelation
{
    /// <summary>The correlation for each pair of nodes with the same index; NaN where one side does not vary.</summary>
    /// <param name="a">Ranks of samples.</param>
    /// <param name="b">Other ranks of the same samples.</param>
    public static double[] Of(IDeviceRanks a, IDeviceRanks b)
    {
        long[] products = a.SumProducts(b), squaresOfA = a.SumProducts(a), squaresOfB = b.SumProducts(b);
        // All doubled ranks add up to n (n + 1), so that their mean is n + 1.
        Int128 square = (Int128)a.Count * (a.Count + 1L) * (a.Count + 1L);
        double Centered(long sum) => (double)(sum - square);
        return [.. products.Select((sum, node) =>
            Centered(sum) / Math.Sqrt(Centered(squaresOfA[node]) * Centered(squaresOfB[node])))];
    }
}
