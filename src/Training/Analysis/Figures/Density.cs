namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>A histogram as a density: its bins are as wide as the number of values asks for, and its area is 1.</summary>
internal sealed class Density
{
    private readonly double _width;
    private readonly double[] _densities;
    private readonly double _total;

    /// <summary>Makes the density of values.</summary>
    /// <param name="values">The values; at least one has a bin.</param>
    public Density(WeightDistribution values)
    {
        _width = values.BinWidth;
        _total = values.Counts.Sum();
        // No more bins in use than Rice's rule says, so that few values give no comb.
        double mostBins = Math.Ceiling(2 * Math.Cbrt(_total));
        while (values.CountsAt(_width).Count(count => count > 0) > mostBins)
            _width *= 2;
        _densities = [.. values.CountsAt(_width).Select(count => count / (_total * _width))];
    }

    /// <summary>The largest density of a bin.</summary>
    public double Highest => _densities.Max();

    /// <summary>The smallest density of a bin between two values that is not empty; infinity where all are.</summary>
    public double LowestBetween(double low, double high) => _densities
        .Where((density, bin) => density > 0 && EdgeOf(bin + 1) > low && EdgeOf(bin) < high)
            .DefaultIfEmpty(double.PositiveInfinity).Min();

    /// <summary>
    /// An edge of the bin that holds the value above a share of all: the upper one for shares above a half, else the lower.
    /// </summary>
    public double Quantile(double share)
    {
        double sum = 0;
        int bin = 0;
        while (bin < _densities.Length - 1 && (sum += _densities[bin] * _width) < share)
            bin++;
        return EdgeOf(share > 0.5 ? bin + 1 : bin);
    }

    /// <summary>The histogram's outline, without the empty bins at both ends but one.</summary>
    public (double[] Xs, double[] Ys) Outline()
    {
        int first = Math.Max(0, Array.FindIndex(_densities, density => density > 0) - 1);
        int last = Math.Min(_densities.Length - 1, Array.FindLastIndex(_densities, density => density > 0) + 1);
        int[] bins = [.. Enumerable.Range(first, last - first + 1)];
        return (
            [.. bins.SelectMany(bin => new[] { EdgeOf(bin), EdgeOf(bin + 1) })],
            [.. bins.SelectMany(bin => new[] { _densities[bin], _densities[bin] })]);
    }

    private double EdgeOf(int bin) => (bin - WeightDistribution.HalfBins) * _width;
}
