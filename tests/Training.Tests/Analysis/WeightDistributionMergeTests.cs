using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Figures;

namespace IlgpuDistance.Training.Tests.Analysis;

public sealed class WeightDistributionMergeTests
{
    [Theory]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(0.01, 0.3, 7.0)]
    [InlineData(1e-6, 1.0, 100.0)]
    public void Merging_is_the_same_as_counting_all_values_at_once(double first, double second, double third)
    {
        double[] scales = [first, second, third];
        var random = new Random(7);
        float[][] runs = [.. scales.Select((scale, run) =>
            Enumerable.Range(0, 131 + 40 * run).Select(_ => (float)(scale * (random.NextDouble() - 0.4))).ToArray())];
        WeightDistribution merged = WeightDistribution.Merge([.. runs.Select(values => Of(values))]);
        WeightDistribution direct = Of([.. runs.SelectMany(values => values)]);
        Assert.Equal(direct.BinWidth, merged.BinWidth);
        Assert.Equal(direct.Counts, merged.Counts);
        Assert.Equal((direct.Count, direct.Smallest, direct.Largest), (merged.Count, merged.Smallest, merged.Largest));
        Assert.Equal(direct.Mean, merged.Mean, 1e-12);
        Assert.Equal(direct.StandardDeviation, merged.StandardDeviation, 1e-12);
    }

    [Fact]
    public void Values_on_the_edges_of_bins_stay_in_the_bins_that_begin_there()
    {
        float[] narrow = [-64, -63, -2, -1, 0, 1, 2, 63], wide = [-64.5f, 127];
        WeightDistribution merged = WeightDistribution.Merge([Of(narrow, 1), Of(wide, 1)]);
        Assert.Equal(2, merged.BinWidth);
        Assert.Equal(Of([.. narrow, .. wide], 1).Counts, merged.Counts);
    }

    [Fact]
    public void Zeros_do_not_widen_the_bins()
    {
        WeightDistribution zeros = Of(new float[5], 1), values = Of([-0.25f, 0.125f]);
        WeightDistribution merged = WeightDistribution.Merge([zeros, values]);
        Assert.Equal(values.BinWidth, merged.BinWidth);
        Assert.Equal(5, merged.Counts[WeightDistribution.HalfBins]);
        Assert.Equal(7, merged.Counts.Sum());
        Assert.Equal(10, WeightDistribution.Merge([zeros, zeros]).Counts[WeightDistribution.HalfBins]);
    }

    [Fact]
    public void Tensors_of_different_roles_are_not_merged()
    {
        Assert.Throws<ArgumentException>(() => WeightDistribution.Merge([]));
        Assert.Throws<ArgumentException>(() => WeightDistribution.Merge([Of([1]), Of([1]) with { Role = ParameterRole.Bias }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of([1]).CountsAt(1e-9));
    }

    [Fact]
    public void A_density_has_the_area_1_and_few_bins_for_few_values()
    {
        var random = new Random(3);
        foreach (int count in (int[])[1, 29, 20_000])
        {
            var density = new Density(Of([.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.3f)]));
            var (xs, ys) = density.Outline();
            double area = Enumerable.Range(0, xs.Length / 2).Sum(step => (xs[2 * step + 1] - xs[2 * step]) * ys[2 * step]);
            Assert.Equal(1, area, 1e-9);
            Assert.True(ys.Count(y => y > 0) / 2 <= Math.Ceiling(2 * Math.Cbrt(count)));
            Assert.True(density.Quantile(0.001) <= density.Quantile(0.999));
        }
    }

    private static WeightDistribution Of(float[] values, double leastWidth = 1.0 / (1 << 26)) =>
        SyntheticAnalysis.Distribution("0.weight", ParameterRole.Weight, values, leastWidth);
}
