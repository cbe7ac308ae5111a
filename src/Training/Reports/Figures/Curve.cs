using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>The mean over runs of a figure that changes with the epochs, and how it scatters.</summary>
/// <param name="Epochs">The epochs drawn.</param>
/// <param name="Means">The mean at each of them.</param>
/// <param name="Deviations">The sample standard deviation at each; NaN for a single run.</param>
internal sealed record Curve(int[] Epochs, double[] Means, double[] Deviations)
{
    /// <summary>No figure is wide enough to show more points of a curve than this.</summary>
    private const int MostPoints = 240;

    /// <summary>Computes the curve of a model.</summary>
    /// <param name="runs">A figure per epoch for each run, NaN where it was not measured; all have the same length.</param>
    /// <param name="transform">
    /// Applied to each figure before the mean is taken; epochs where it is not finite are left out.
    /// </param>
    /// <param name="logarithmic">
    /// Whether the points are spread for a logarithmic axis of epochs, which begins with epoch 1.
    /// </param>
    public static Curve Of(IReadOnlyList<double[]> runs, Func<double, double> transform, bool logarithmic)
    {
        bool IsKnown(int epoch) => runs.All(run => double.IsFinite(transform(run[epoch])));

        int[] measured = [.. Enumerable.Range(0, runs[0].Length).Where(IsKnown)];
        int[] epochs = [.. Thin(logarithmic ? [.. measured.Where(epoch => epoch > 0)] : measured, logarithmic)];
        SampleSummary[] points = [.. epochs.Select(epoch => SampleSummary.Of([.. runs.Select(run => transform(run[epoch]))]))];
        return new Curve(epochs, [.. points.Select(point => point.Mean)], [.. points.Select(point => point.StandardDeviation)]);
    }

    /// <summary>
    /// At most <see cref="MostPoints"/> of the epochs, about equally far apart on the axis, first and last among them.
    /// </summary>
    private static IEnumerable<int> Thin(int[] epochs, bool logarithmic)
    {
        if (epochs.Length <= MostPoints)
            return epochs;
        double Position(int epoch) => logarithmic ? Math.Log(epoch) : epoch;
        double first = Position(epochs[0]), step = (Position(epochs[^1]) - first) / (MostPoints - 1);
        int Place(int epoch) => (int)((Position(epoch) - first) / step);
        return epochs.Where((epoch, i) => i == 0 || i == epochs.Length - 1 || Place(epoch) > Place(epochs[i - 1]));
    }
}
