namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>When a training had reached what it reached.</summary>
internal static class Convergence
{
    /// <summary>How near the final accuracy the test accuracy must stay, in points.</summary>
    public const double Tolerance = 0.5;

    /// <summary>
    /// The epoch of convergence: the first from which on every measured test accuracy lies within <see cref="Tolerance"/> of the
    /// last one.
    /// </summary>
    /// <param name="testAccuracies">Test accuracy by epoch, in percent; NaN where it was not measured. The last one was.</param>
    public static int EpochOf(IReadOnlyList<double> testAccuracies)
    {
        double final = testAccuracies[^1];
        int converged = testAccuracies.Count - 1;
        for (int epoch = converged; epoch >= 0; epoch--)
        {
            if (double.IsNaN(testAccuracies[epoch]))
                continue;
            if (Math.Abs(testAccuracies[epoch] - final) > Tolerance)
                break;
            converged = epoch;
        }
        return converged;
    }
}
