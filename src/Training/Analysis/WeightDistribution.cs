using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// The distribution of one parameter tensor's values. The bins are <see cref="BinWidth"/> wide, a power of two, and have an
/// edge at 0, so that the histograms of several runs can be merged without loss.
/// </summary>
public sealed record WeightDistribution
{
    /// <summary>Bins on either side of 0.</summary>
    public const int HalfBins = 64;

    /// <summary>Name of the tensor, e.g. <c>0.weight</c>.</summary>
    public required string Tensor { get; init; }

    /// <summary>What the tensor is to its layer.</summary>
    public required ParameterRole Role { get; init; }

    /// <summary>Number of values.</summary>
    public required int Count { get; init; }

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
    /// [2 · <see cref="HalfBins"/>]: bin b holds the values from (b − <see cref="HalfBins"/>) · <see cref="BinWidth"/> up to, but not
    /// with, the next bin's first.
    /// </summary>
    public required long[] Counts { get; init; }

    /// <summary>Lower edge of a bin.</summary>
    public double EdgeOf(int bin) => (bin - HalfBins) * BinWidth;
}
