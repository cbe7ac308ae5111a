using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Means and variances of a layer's outputs by class, in float64 from sums on the device: first the means, then the squares
/// about them, which does not cancel where means are large.
/// </summary>
internal sealed class ClassMoments : IClassStatistics
{
    private readonly double[] _means, _variances;
    private readonly int _width;

    private ClassMoments(int[] counts, double[] means, double[] variances, int width)
    {
        Counts = counts;
        (_means, _variances, _width) = (means, variances, width);
    }

    /// <summary>Samples of each class.</summary>
    public int[] Counts { get; }

    /// <summary>Measures the outputs of a layer.</summary>
    /// <exception cref="Gpu.Errors.InputException">An activation is not finite.</exception>
    public static ClassMoments Of(AnalysisSubject subject, IDeviceActivations activations)
    {
        ActivationSums first = subject.Checked(activations.Sum(threshold: 0), activations.Layer.Index);
        int width = activations.Width;
        double Count(int at) => Math.Max(1, first.Counts[at / width]);
        float[] centers = [.. first.Sums.Select((sum, at) => (float)(sum / Count(at)))];
        ActivationSums second = subject.Checked(activations.Sum(threshold: 0, centers), activations.Layer.Index);

        double[] rest = [.. second.Sums.Select((sum, at) => sum / Count(at))];
        double[] means = [.. rest.Select((value, at) => centers[at] + value)];
        double[] variances = [.. second.SquareSums.Select((sum, at) => Math.Max(0, sum / Count(at) - rest[at] * rest[at]))];
        return new ClassMoments(first.Counts, means, variances, width);
    }

    /// <summary>The mean and variance (n in the denominator) of each node over the samples of one class.</summary>
    public (double[] Means, double[] Variances) OfClass(int c) => Over(other => other == c);

    /// <summary>The same over the samples of all other classes.</summary>
    public (double[] Means, double[] Variances) OfOthers(int c) => Over(other => other != c);

    (double[] Centers, double[] Spreads) IClassStatistics.OfClass(int c) => Spread(OfClass(c));

    (double[] Centers, double[] Spreads) IClassStatistics.OfOthers(int c) => Spread(OfOthers(c));

    /// <summary>For each node η², the share of its variance that lies between the classes; 0 where it has no variance.</summary>
    public double[] Separations()
    {
        var (_, total) = Over(_ => true);
        double count = Counts.Sum();
        return [.. total.Select((variance, node) =>
        {
            double within = Counts.Select((n, c) => n * _variances[c * _width + node]).Sum() / count;
            return variance > 0 ? Math.Clamp(1 - within / variance, 0, 1) : 0;
        })];
    }

    private static (double[] Centers, double[] Spreads) Spread((double[] Means, double[] Variances) moments) =>
        (moments.Means, [.. moments.Variances.Select(Math.Sqrt)]);

    /// <summary>Mean and variance over several classes: the variances within them, and that of their means.</summary>
    private (double[] Means, double[] Variances) Over(Func<int, bool> isIncluded)
    {
        int[] classes = [.. Enumerable.Range(0, Counts.Length).Where(c => Counts[c] > 0 && isIncluded(c))];
        double count = classes.Sum(c => Counts[c]);
        double[] means = [.. Enumerable.Range(0, _width)
            .Select(node => classes.Sum(c => Counts[c] * _means[c * _width + node]) / count)];
        double[] variances = [.. means.Select((mean, node) => classes.Sum(c =>
        {
            double distance = _means[c * _width + node] - mean;
            return Counts[c] * (_variances[c * _width + node] + distance * distance);
        }) / count)];
        return (means, variances);
    }
}
