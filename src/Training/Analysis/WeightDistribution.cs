using System.Globalization;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// The distribution of one parameter tensor's values. The bins are <see cref="BinWidth"/> wide, a power of two, and have an
/// edge at 0, so that the histograms of several runs can be merged without loss.
/// </summary>
internal sealed record WeightDistribution : IChecked
{
    /// <summary>Bins on either side of 0.</summary>
    public const int HalfBins = 64;

    /// <summary>Name of the tensor, e.g. <c>0.weight</c>.</summary>
    public required string Tensor { get; init; }

    /// <summary>What the tensor is to its layer.</summary>
    public required ParameterRole Role { get; init; }

    /// <summary>Number of values.</summary>
    public required long Count { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>Their standard deviation, with n in the denominator.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>The smallest value.</summary>
    public required float Smallest { get; init; }

    /// <summary>The largest value.</summary>
    public required float Largest { get; init; }

    /// <summary>Width of a bin.</summary>
    public required double BinWidth { get; init; }

    /// <summary>
    /// [2 · <see cref="HalfBins"/>]: bin b holds the values from (b − <see cref="HalfBins"/>) · <see cref="BinWidth"/> up to, but
    /// not with, the next bin's first.
    /// </summary>
    public required long[] Counts { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfMany(
        AnalysisKind.Weights, AnalyzedImages.None, run => run.Weights, (run, weights) => run with { Weights = weights },
        request => [.. request.Subject.Plan.Tensors.Select(tensor =>
            Of(tensor, request.Subject.Parameters.AsSpan(tensor.Offset, tensor.Count)))],
        weights => (weights.Tensor, weights.Role));

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.That(
            Tensor.Split('.') is [{ } layer, { Length: > 0 }]
                && ushort.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            $"tensor is \"{Tensor}\"; expected a layer and a name, such as 0.weight");
        Expect.InRange(Count, 1, NetworkPlan.LargestParameterCount);
        Expect.NoInfinity<double>([Mean, StandardDeviation, Smallest, Largest], "mean, standardDeviation, smallest or largest");
        Expect.That(
            BinWidth > 0 && double.IsFinite(BinWidth) && double.IsPow2(BinWidth),
            FormattableString.Invariant($"binWidth is {BinWidth}; expected a power of two"));
        Expect.Length(Counts.Length, 2 * HalfBins);
        long total = 0;
        foreach (long count in Counts)
        {
            Expect.InRange(count, 0, Count, "a value of counts");
            total += count;
        }
        Expect.InRange(total, 0, Count, "the sum of counts");
    }

    /// <summary>Describes the values of a tensor.</summary>
    internal static WeightDistribution Of(ParameterTensor tensor, ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        float smallest = float.PositiveInfinity, largest = float.NegativeInfinity;
        foreach (float value in values)
        {
            sum += value;
            smallest = Math.Min(smallest, value);
            largest = Math.Max(largest, value);
        }
        double mean = sum / values.Length, width = BinWidthFor(smallest, largest);
        long[] counts = new long[2 * HalfBins];
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean) / values.Length;
            counts[HalfBins + (int)Math.Floor(value / width)]++;
        }
        return new WeightDistribution
        {
            Tensor = tensor.Name,
            Role = tensor.Role,
            Count = values.Length,
            Mean = mean,
            StandardDeviation = Math.Sqrt(squares),
            Smallest = smallest,
            Largest = largest,
            BinWidth = width,
            Counts = counts,
        };
    }

    /// <summary>The smallest power of two for which all values have a bin; 1 where all are 0.</summary>
    private static double BinWidthFor(float smallest, float largest)
    {
        double extent = Math.Max(Math.Abs((double)smallest), Math.Abs((double)largest));
        if (extent == 0)
            return 1;
        double width = Math.Pow(2, Math.Floor(Math.Log2(extent / HalfBins)));
        while (largest >= HalfBins * width || smallest < -HalfBins * width)
            width *= 2;
        return width;
    }

    /// <summary>Lower edge of a bin.</summary>
    public double EdgeOf(int bin) => (bin - HalfBins) * BinWidth;

    /// <summary>The values of several runs' tensors as those of one: exact but for rounding in mean and deviation.</summary>
    /// <param name="distributions">The distributions, at least one, of tensors with the same role.</param>
    /// <returns>The distribution, with the widest bins of all and the name of the first.</returns>
    /// <exception cref="ArgumentException">There is none, or their roles differ.</exception>
    public static WeightDistribution Merge(IReadOnlyList<WeightDistribution> distributions)
    {
        if (distributions.Count == 0 || distributions.Any(distribution => distribution.Role != distributions[0].Role))
            throw new ArgumentException("expected distributions of tensors with one role", nameof(distributions));
        // Values that are all 0 have a width that means nothing.
        double width = distributions.Where(distribution => !distribution.IsZero).Select(distribution => distribution.BinWidth)
            .DefaultIfEmpty(distributions[0].BinWidth).Max();
        long[][] counts = [.. distributions.Select(distribution => distribution.CountsAt(width))];
        long count = distributions.Sum(distribution => distribution.Count);
        double mean = distributions.Sum(distribution => distribution.Mean * distribution.Count) / count;
        double squares = distributions.Sum(distribution => distribution.Count *
            (distribution.StandardDeviation * distribution.StandardDeviation + (distribution.Mean - mean)
                * (distribution.Mean - mean)));
        return distributions[0] with
        {
            Count = count,
            Mean = mean,
            StandardDeviation = Math.Sqrt(squares / count),
            Smallest = distributions.Min(distribution => distribution.Smallest),
            Largest = distributions.Max(distribution => distribution.Largest),
            BinWidth = width,
            Counts = [.. Enumerable.Range(0, 2 * HalfBins).Select(bin => counts.Sum(one => one[bin]))],
        };
    }

    /// <summary>Values per bin where bins are wider: bin b begins at (b − <see cref="HalfBins"/>) · width.</summary>
    /// <param name="width"><see cref="BinWidth"/> times a power of two, at least 1; any width where all values are 0.</param>
    /// <returns>[2 · <see cref="HalfBins"/>]</returns>
    public long[] CountsAt(double width)
    {
        int doublings = IsZero ? 0 : (int)Math.Round(Math.Log2(width / BinWidth));
        ArgumentOutOfRangeException.ThrowIfNegative(doublings, nameof(width));
        long[] counts = new long[2 * HalfBins];
        for (int bin = 0; bin < Counts.Length; bin++)
            counts[HalfBins + ((bin - HalfBins) >> Math.Min(doublings, 31))] += Counts[bin];
        return counts;
    }

    private bool IsZero => Smallest == 0 && Largest == 0;
}
