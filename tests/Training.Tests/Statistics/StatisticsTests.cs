using System.Text.Json;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Tests.Statistics;

/// <summary>The statistics against SciPy's figures in Golden/statistics.json, and in the corners against mpmath's.</summary>
public sealed class StatisticsTests
{
    private const double Tolerance = 1e-9;

    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "statistics.json"))).RootElement;

    public static TheoryData<string> Cases =>
        [.. Golden.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    private static JsonElement Case(string name) =>
        Golden.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    private static void AssertClose(double expected, double actual) =>
        Assert.InRange(Math.Abs(actual - expected), 0, Tolerance * Math.Abs(expected));

    [Theory, MemberData(nameof(Cases))]
    public void Samples_are_described_as_by_SciPy(string name)
    {
        foreach (string sample in new[] { "a", "b" })
        {
            double[] values = Doubles(Case(name).GetProperty(sample));
            JsonElement expected = Case(name).GetProperty($"describe_{sample}");
            SampleSummary summary = SampleSummary.Of(values);
            AssertClose(expected.GetProperty("mean").GetDouble(), summary.Mean);
            AssertClose(expected.GetProperty("sd_sample").GetDouble(), summary.StandardDeviation);
            AssertClose(expected.GetProperty("median").GetDouble(), summary.Median);
            Assert.Equal((values.Min(), values.Max(), values.Length), (summary.Minimum, summary.Maximum, summary.Count));
            double[] interval = Doubles(expected.GetProperty("ci95"));
            AssertClose(interval[0], summary.MeanInterval!.Value.Low);
            AssertClose(interval[1], summary.MeanInterval!.Value.High);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Tests_of_two_means_agree_with_SciPy(string name)
    {
        JsonElement expected = Case(name);
        double[] a = Doubles(expected.GetProperty("a")), b = Doubles(expected.GetProperty("b"));
        SampleSummary first = SampleSummary.Of(a), second = SampleSummary.Of(b);

        AssertSame(expected.GetProperty("pooled"), TTest.Pooled(first, second)!);
        AssertSame(expected.GetProperty("welch"), TTest.Welch(first, second)!);
        AssertClose(expected.GetProperty("cohen_d").GetDouble(), EffectSize.CohenD(first, second)!.Value);
        if (expected.TryGetProperty("paired", out JsonElement paired))
            AssertSame(paired, TTest.Paired(a, b)!);
        else
            Assert.Throws<ArgumentException>(() => TTest.Paired(a, b));
    }

    private static void AssertSame(JsonElement expected, TTestResult actual)
    {
        AssertClose(expected.GetProperty("t").GetDouble(), actual.T);
        AssertClose(expected.GetProperty("df").GetDouble(), actual.Degrees);
        AssertClose(expected.GetProperty("p").GetDouble(), actual.P);
    }

    [Theory]
    [InlineData(0, 3, 1)]
    [InlineData(1e-8, 3, 0.999999992648948)]
    [InlineData(0.001, 1, 0.9993633804398389)]
    [InlineData(0.5, 1.5, 0.68056711066994)]
    [InlineData(2.0, 1, 0.2951672353008665)]
    [InlineData(12.5, 2.25, 0.003997051188047596)]
    [InlineData(-6.5, 4.3251, 0.0021942482539608634)]
    [InlineData(1.96, 1e6, 0.04999606758526979)]
    [InlineData(1e6, 2, 9.999999999985e-13)]
    [InlineData(40, 38, 1.1427602668161308e-32)]
    [InlineData(-300, 38, 9.796610871783385e-66)]
    [InlineData(1e8, 19, 2.5410353012443478e-141)]
    [InlineData(37, 1e6, 1.8299730861802262e-299)]
    public void Probabilities_keep_their_accuracy_far_out_in_the_tails(double t, double degrees, double expected) =>
        AssertClose(expected, TDistribution.BothTails(t, degrees));

    [Theory]
    [InlineData(1, 12.706204736432095)]
    [InlineData(1.9080590238365605, 4.5075679564560405)]
    [InlineData(19, 2.093024054408263)]
    [InlineData(1e5, 1.9599877075346093)]
    public void Confidence_intervals_have_SciPys_width(double degrees, double expected) =>
        AssertClose(expected, TDistribution.HalfWidth(degrees));

    [Fact]
    public void The_interval_of_a_difference_is_where_the_test_is_at_its_limit()
    {
        JsonElement golden = Case("different sizes");
        TTestResult welch = TTest.Welch(
            SampleSummary.Of(Doubles(golden.GetProperty("a"))), SampleSummary.Of(Doubles(golden.GetProperty("b"))))!;
        Assert.Equal(welch.Difference, (welch.DifferenceInterval.Low + welch.DifferenceInterval.High) / 2, 1e-12);
        double limit = (welch.DifferenceInterval.High - welch.Difference) / welch.StandardError;
        AssertClose(0.05, TDistribution.BothTails(limit, welch.Degrees));
    }

    // Quantiles of F from SciPy: f.ppf(0.975, d1, d2).
    [Theory]
    [InlineData(3, 3, 38.999999999999964, 38.999999999999964)]
    [InlineData(2, 2, 647.7890114778446, 647.7890114778446)]
    [InlineData(20, 20, 2.5264509335792606, 2.5264509335792606)]
    [InlineData(3, 20, 4.507527995168682, 39.445282003734405)]
    public void The_ratio_of_two_deviations_is_bounded_by_quantiles_of_F(int n1, int n2, double quantile12, double quantile21)
    {
        SpreadRatio ratio = SpreadRatio.Of(new SampleSummary(n1, 90, 3), new SampleSummary(n2, 95, 0.5))!;
        AssertClose(6, ratio.Ratio);
        AssertClose(6 / Math.Sqrt(quantile12), ratio.RatioInterval.Low);
        AssertClose(6 * Math.Sqrt(quantile21), ratio.RatioInterval.High);
    }

    [Fact]
    public void Holms_correction_agrees_with_the_published_example()
    {
        JsonElement holm = Golden.GetProperty("holm");
        double[] expected = Doubles(holm.GetProperty("adjusted")), actual = Holm.Adjust(Doubles(holm.GetProperty("p")));
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second));
    }

    // By hand: sorted 0.01, 0.02, 0.04, 0.9 times 4, 3, 2, 1 are 0.04, 0.06, 0.08, 0.9; the missing test counts for nothing.
    [Fact]
    public void Holms_correction_passes_over_tests_that_do_not_exist() =>
        Assert.Equal([0.08, 0.04, double.NaN, 0.9, 0.06],
            Holm.Adjust([0.04, 0.01, double.NaN, 0.9, 0.02]).Select(p => Math.Round(p, 12)));

    // By hand: 0.01 · 3 = 0.03, then 0.011 · 2 = 0.022 may not fall below it; 0.6 · 2 = 1.2 ends at 1.
    [Fact]
    public void Corrected_probabilities_keep_their_order_and_stay_below_1()
    {
        Assert.Equal([0.03, 0.03, 0.5], Holm.Adjust([0.01, 0.011, 0.5]));
        Assert.Equal([1.0, 1.0], Holm.Adjust([0.6, 0.7]));
        Assert.Empty(Holm.Adjust([]));
    }

    [Fact]
    public void Too_few_values_have_no_deviation_and_no_test()
    {
        SampleSummary one = SampleSummary.Of([95.5]), two = SampleSummary.Of([95, 96.0]);
        Assert.Equal((1, 95.5, double.NaN), (one.Count, one.Mean, one.StandardDeviation));
        Assert.Null(one.MeanInterval);
        Assert.Null(TTest.Welch(one, two));
        Assert.Null(TTest.Pooled(one, one));
        Assert.Null(TTest.Paired([1], [2]));
        Assert.Null(EffectSize.CohenD(one, one));
        Assert.Null(SpreadRatio.Of(one, two));
        Assert.Throws<ArgumentException>(() => SampleSummary.Of([]));
        // One value against two: the deviation of the two alone, √0.5, and one degree of freedom.
        Assert.Equal(0, TTest.Pooled(one, two)!.T);
        Assert.Equal(1, TTest.Pooled(one, two)!.Degrees);
    }

    [Fact]
    public void Values_that_do_not_scatter_are_not_tested()
    {
        SampleSummary low = SampleSummary.Of([10, 10.0]), high = SampleSummary.Of([20, 20.0]);
        Assert.Null(TTest.Welch(low, high));
        Assert.Null(TTest.Pooled(low, low));
        // 95.11 − 95.01 and 94.32 − 94.22 differ by rounding only.
        Assert.Null(TTest.Paired([95.11, 94.32], [95.01, 94.22]));
        Assert.Null(TTest.Paired([3, 3], [3, 3]));
        Assert.NotNull(TTest.Paired([95.11, 94.32], [95.01, 94.23]));
        Assert.Null(SpreadRatio.Of(low, high));
        Assert.Equal(double.PositiveInfinity, SpreadRatio.Of(SampleSummary.Of([1, 2.0]), low)!.Ratio);
    }
}
