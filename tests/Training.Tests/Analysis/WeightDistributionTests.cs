using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;

namespace IlgpuDistance.Training.Tests.Analysis;

public sealed class WeightDistributionTests
{
    private static readonly ParameterTensor Tensor = NetworkPlan.Compile(Network.Parse("linear(2)"), 3, 2).Tensors[0];

    [Fact]
    public void Values_are_counted_in_bins_that_are_a_power_of_two_wide()
    {
        float[] values = [-1, -0.03125f, 0, 0, 0.5f, 1];
        WeightDistribution distribution = WeightDistribution.Of(Tensor, values);
        Assert.Equal(0.03125, distribution.BinWidth);
        Assert.Equal((6, 0.078125, -1, 1), (distribution.Count, distribution.Mean, distribution.Smallest, distribution.Largest));
        Assert.Equal(Math.Sqrt(values.Average(v => (v - 0.078125) * (v - 0.078125))), distribution.StandardDeviation, 1e-12);
        for (int bin = 0; bin < distribution.Counts.Length; bin++)
        {
            double low = distribution.EdgeOf(bin), high = distribution.EdgeOf(bin + 1);
            Assert.Equal(values.Count(v => v >= low && v < high), distribution.Counts[bin]);
        }
    }

    [Theory]
    [InlineData(new float[] { 0, 0 })]
    [InlineData(new float[] { -64, 63 })]
    [InlineData(new float[] { -63, 64 })]
    [InlineData(new float[] { float.Epsilon, -float.Epsilon })]
    [InlineData(new float[] { float.MaxValue, float.MinValue })]
    public void Every_value_has_a_bin(float[] values)
    {
        WeightDistribution distribution = WeightDistribution.Of(Tensor, values);
        Assert.Equal(values.Length, distribution.Counts.Sum());
        Assert.Equal(distribution.BinWidth, Math.Pow(2, Math.Round(Math.Log2(distribution.BinWidth))));
    }
}
