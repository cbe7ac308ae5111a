namespace IlgpuDistance.Training.Statistics;

/// <summary>
/// Holm's correction for several tests at once: the smallest of m probabilities is multiplied by m, the next by m − 1 and so
/// on; none becomes smaller than one before it or larger than 1.
/// </summary>
internal static class Holm
{
    /// <summary>Corrects the probabilities of a family of tests.</summary>
    /// <param name="probabilities">One per test; NaN for a test that does not exist, which does not count.</param>
    /// <returns>The corrected probabilities in the same order.</returns>
    public static double[] Adjust(IReadOnlyList<double> probabilities)
    {
        double[] adjusted = [.. probabilities];
        int[] ascending = [.. Enumerable.Range(0, adjusted.Length).Where(i => !double.IsNaN(adjusted[i]))
            .OrderBy(i => adjusted[i])];
        double largest = 0;
        for (int rank = 0; rank < ascending.Length; rank++)
        {
            int i = ascending[rank];
            largest = Math.Max(largest, Math.Min(1, adjusted[i] * (ascending.Length - rank)));
            adjusted[i] = largest;
        }
        return adjusted;
    }
}
