using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// Sums, histograms and ranks of <see cref="IDeviceActivations"/> against plain loops over what
/// <see cref="IExecutor.ReadActivations"/> returns. Class <see cref="ObservedLayer.MissingClass"/> has no sample.
/// </summary>
public sealed class ActivationStatisticsTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    private static readonly (string Network, int Layer)[] Observed =
    [
        ("linear(129) > abs > linear(10)", 0), ("linear(129) > abs > linear(10)", 1), ("linear(7) > relu > linear(10)", 1),
        ("linear(17) > neg > offset-l2(10) > neg", 1), ("offset-l2(17) > linear(10)", 0),
        ("offset-l2(1, form: reference) > linear(10)", 0), ("point-slope(64) > relu > linear(10)", 0), ("abs > linear(10)", 0),
        ("linear(16) > relu > linear(10)", 2),
    ];

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Sums_are_those_of_the_activations_on_the_host(string executor)
    {
        foreach (ObservedLayer observed in ObserveAll(executor))
        {
            using (observed)
            {
                AssertSums(observed, threshold: 0, centers: []);
                float[] centers = [.. Enumerable.Range(0, 10 * observed.Width).Select(i => i % 5 / 4f - 0.25f)];
                AssertSums(observed, threshold: 0.25f, centers);
            }
        }
    }

    private static void AssertSums(ObservedLayer observed, float threshold, float[] centers)
    {
        ActivationSums sums = observed.Activations.Sum(threshold, centers);
        Assert.Equal(10, sums.Counts.Length);
        Assert.Equal(10 * observed.Width, sums.Sums.Length);
        for (int label = 0; label < 10; label++)
        {
            int[] samples = observed.SamplesOf(label);
            Assert.Equal(samples.Length, sums.Counts[label]);
            for (int node = 0; node < observed.Width; node++)
            {
                int at = label * observed.Width + node;
                double center = centers.Length == 0 ? 0 : centers[at];
                float[] values = [.. samples.Select(s => observed.Values[s * observed.Width + node])];
                double[] differences = [.. values.Select(a => a - center)];
                double magnitude = differences.Sum(Math.Abs), squares = differences.Sum(d => d * d);
                Assert.Equal(values.Count(a => Math.Abs(a) > threshold), sums.Active[at]);
                Assert.Equal(values.Append(float.PositiveInfinity).Min(), sums.Smallest[at]);
                Assert.Equal(values.Append(float.NegativeInfinity).Max(), sums.Largest[at]);
                Assert.InRange(sums.Sums[at] - differences.Sum(), -1e-5 * magnitude, 1e-5 * magnitude);
                Assert.InRange(sums.SquareSums[at] - squares, -1e-5 * squares, 1e-5 * squares);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Sums_of_a_hundred_thousand_samples_do_not_drift(string executor)
    {
        // A running sum in float32 would grow by 1000 at a time in the end: from 2^26 on it is a multiple of 8.
        const int Count = 100_000;
        float[] values = new float[Count];
        values.AsSpan().Fill(1001);
        using ObservedLayer observed = ObserveValues(executor, values, labels: new byte[Count], classes: 2);
        ActivationSums sums = observed.Activations.Sum(threshold: 1);
        Assert.Equal([Count, 0], sums.Counts);
        Assert.Equal([Count, 0], sums.Active);
        Assert.Equal([Count * 1001.0, 0], sums.Sums);
        Assert.Equal(Count * 1001.0 * 1001.0, sums.SquareSums[0], Count * 1001.0 * 1001.0 * 1e-4);
        Assert.Equal([1001, float.PositiveInfinity], sums.Smallest);
        Assert.Equal([1001, float.NegativeInfinity], sums.Largest);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Histograms_are_those_of_the_activations_on_the_host(string executor)
    {
        foreach (ObservedLayer observed in ObserveAll(executor))
        {
            using (observed)
            {
                foreach (int node in new SortedSet<int> { 0, observed.Width / 2, observed.Width - 1 })
                {
                    float[] column = observed.Column(node);
                    float lowest = column.Min(), highest = Math.Max(column.Max(), lowest + 1), middle = (lowest + highest) / 2;
                    Assert.Equal(column.Length, observed.Activations.Histogram(node, lowest, highest, 7).Sum());
                    foreach (var (first, last, bins) in ((float, float, int)[])
                        [(lowest, highest, 1), (lowest, highest, 50), (middle - 0.2f, middle + 0.1f, 64)])
                    {
                        Assert.Equal(
                            ExpectedHistogram(observed, column, first, last, bins),
                            observed.Activations.Histogram(node, first, last, bins));
                    }
                }
            }
        }
    }

    private static int[] ExpectedHistogram(ObservedLayer observed, float[] column, float lowest, float highest, int bins)
    {
        int[] counts = new int[10 * bins];
        float scale = bins / (highest - lowest);
        for (int s = 0; s < column.Length; s++)
        {
            if (column[s] >= lowest && column[s] <= highest)
                counts[observed.Labels[s] * bins + Math.Min((int)MathF.Floor((column[s] - lowest) * scale), bins - 1)]++;
        }
        return counts;
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void A_value_at_an_edge_belongs_to_the_bin_above_and_the_highest_to_the_last_bin(string executor)
    {
        float[] values = [0, 1, 2.5f, 4, -0.125f, 4.125f, 3.875f, float.PositiveInfinity, 1, 2];
        using ObservedLayer observed = ObserveValues(executor, values, labels: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1], classes: 3);
        Assert.Equal([1, 1, 1, 2, 0, 1, 1, 0, 0, 0, 0, 0], observed.Activations.Histogram(0, 0, 4, 4));
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Equal_activations_share_the_mean_of_their_ranks_and_stand_in_the_order_of_the_samples(string executor)
    {
        using ObservedLayer observed = ObserveValues(executor, [3, 1, 3, 2], labels: [0, 1, 2, 3], classes: 4);
        using IDeviceRanks ranks = observed.Activations.Rank();
        Assert.Equal((4, 1), (ranks.Count, ranks.Width));
        Assert.Equal([7, 2, 7, 4], ranks.SumByClass());
        Assert.Equal([1, 3, 0, 2], ranks.SamplesAt(0, 0, 4));
        Assert.Equal([3, 0], ranks.SamplesAt(0, 1, 2));
        Assert.Equal([], ranks.SamplesAt(0, 4, 0));
        Assert.Equal([7 * 7 + 2 * 2 + 7 * 7 + 4 * 4], ranks.SumProducts(ranks));

        // Zeros of either sign are equal, and below all of them stand negative numbers.
        using ObservedLayer signs = ObserveValues(
            executor, [0, -1, -0f, 1e-30f, -2, 0, float.NegativeInfinity, float.MaxValue], [0, 1, 2, 3, 4, 5, 6, 7], classes: 8);
        using IDeviceRanks ofSigns = signs.Activations.Rank();
        Assert.Equal([6, 4, 1, 0, 2, 5, 3, 7], ofSigns.SamplesAt(0, 0, 8));
        Assert.Equal([10, 6, 10, 14, 4, 10, 2, 16], ofSigns.SumByClass());
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Ranks_are_those_of_the_activations_on_the_host(string executor)
    {
        foreach (ObservedLayer observed in ObserveAll(executor))
        {
            using (observed)
            {
                using IDeviceRanks ranks = observed.Activations.Rank();
                Assert.Equal((observed.Labels.Length, observed.Width), (ranks.Count, ranks.Width));
                long[] expected = new long[10 * observed.Width], actual = ranks.SumByClass();
                for (int node = 0; node < observed.Width; node++)
                {
                    int[] doubled = DoubledRanks(observed.Column(node));
                    for (int s = 0; s < doubled.Length; s++)
                        expected[observed.Labels[s] * observed.Width + node] += doubled[s];
                }
                Assert.Equal(expected, actual);

                int last = observed.Width - 1;
                float[] column = observed.Column(last);
                int[] order = [.. Enumerable.Range(0, column.Length).OrderBy(s => column[s])];
                Assert.Equal(order, ranks.SamplesAt(last, 0, column.Length));
                Assert.Equal(order[100..103], ranks.SamplesAt(last, 100, 3));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Sums_of_products_of_ranks_give_Spearman_s_correlation_of_two_networks(string executor)
    {
        // The two executors may order the samples in different ways.
        using var one = new ObservedLayer(devices, executor, "linear(7) > relu > linear(10)", 1, isBytes: true, batchSize: 100);
        using var other = new ObservedLayer(devices, executor, "offset-l2(7) > linear(10)", 0, isBytes: true);
        using IDeviceRanks ranks = one.Activations.Rank(), otherRanks = other.Activations.Rank();
        long[] squares = ranks.SumProducts(ranks), otherSquares = otherRanks.SumProducts(otherRanks);
        long[] products = ranks.SumProducts(otherRanks);
        Assert.Equal(products, otherRanks.SumProducts(ranks));
        double n = one.Labels.Length, meanSquares = n * (n + 1) * (n + 1);
        for (int node = 0; node < 7; node++)
        {
            double correlation = (products[node] - meanSquares)
                / Math.Sqrt((squares[node] - meanSquares) * (otherSquares[node] - meanSquares));
            Assert.Equal(Correlation(DoubledRanks(one.Column(node)), DoubledRanks(other.Column(node))), correlation, 1e-12);
        }
    }

    private static int[] DoubledRanks(float[] values) =>
        [.. values.Select(a => 2 * values.Count(b => b < a) + values.Count(b => b == a) + 1)];

    private static double Correlation(int[] x, int[] y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double Sum(Func<int, double> term) => Enumerable.Range(0, x.Length).Sum(term);
        return Sum(i => (x[i] - meanX) * (y[i] - meanY))
            / Math.Sqrt(Sum(i => (x[i] - meanX) * (x[i] - meanX)) * Sum(i => (y[i] - meanY) * (y[i] - meanY)));
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Activations_outlast_later_passes_and_other_activations(string executor)
    {
        using var observed = new ObservedLayer(
            devices, executor, "linear(7) > relu > linear(10)", 1, isBytes: true, count: CountFor(executor));
        long[] expected = Ranks(observed.Activations);
        double[] sums = observed.Activations.Sum(0).Sums;
        observed.Executor.TrainEpoch(observed.Samples, 0.5f);
        using IDeviceActivations later = observed.Executor.Activations(observed.Samples, 1);
        Assert.NotEqual(expected, Ranks(later));
        Assert.Equal(expected, Ranks(observed.Activations));
        Assert.Equal(sums, observed.Activations.Sum(0).Sums);

        static long[] Ranks(IDeviceActivations activations)
        {
            using IDeviceRanks ranks = activations.Rank();
            return ranks.SumByClass();
        }
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Arguments_that_do_not_fit_are_refused(string executor)
    {
        using var observed = new ObservedLayer(devices, executor, "linear(7) > relu > linear(10)", 1, isBytes: true);
        IDeviceActivations activations = observed.Activations;
        Assert.Equal((443, 7, 1), (activations.Count, activations.Width, activations.Layer.Index));
        Assert.ThrowsAny<ArgumentException>(() => activations.Sum(-1));
        Assert.ThrowsAny<ArgumentException>(() => activations.Sum(float.NaN));
        Assert.ThrowsAny<ArgumentException>(() => activations.Sum(0, new float[7]));
        Assert.ThrowsAny<ArgumentException>(() => activations.Histogram(-1, 0, 1, 4));
        Assert.ThrowsAny<ArgumentException>(() => activations.Histogram(7, 0, 1, 4));
        Assert.ThrowsAny<ArgumentException>(() => activations.Histogram(0, 1, 1, 4));
        Assert.ThrowsAny<ArgumentException>(() => activations.Histogram(0, 2, 1, 4));
        Assert.ThrowsAny<ArgumentException>(() => activations.Histogram(0, 0, float.PositiveInfinity, 4));
        Assert.ThrowsAny<ArgumentException>(() => activations.Histogram(0, float.NaN, 1, 4));
        Assert.ThrowsAny<ArgumentException>(() => activations.Histogram(0, 0, 1, 0));

        using IDeviceRanks ranks = activations.Rank();
        Assert.ThrowsAny<ArgumentException>(() => ranks.SamplesAt(-1, 0, 1));
        Assert.ThrowsAny<ArgumentException>(() => ranks.SamplesAt(7, 0, 1));
        Assert.ThrowsAny<ArgumentException>(() => ranks.SamplesAt(0, -1, 1));
        Assert.ThrowsAny<ArgumentException>(() => ranks.SamplesAt(0, 443, 1));
        Assert.ThrowsAny<ArgumentException>(() => ranks.SamplesAt(0, 0, 444));
        Assert.ThrowsAny<ArgumentException>(() => ranks.SamplesAt(0, 0, -1));
        using ObservedLayer four = ObserveValues(executor, [3, 1, 3, 2], labels: [0, 1, 0, 1], classes: 2);
        using IDeviceRanks fewer = four.Activations.Rank();
        Assert.ThrowsAny<ArgumentException>(() => ranks.SumProducts(fewer));
        using IDeviceActivations logits = observed.Executor.Activations(observed.Samples, 2);
        using IDeviceRanks wider = logits.Rank();
        Assert.ThrowsAny<ArgumentException>(() => ranks.SumProducts(wider));
    }

    [Fact]
    public void The_bits_are_the_same_for_one_thread_and_three()
    {
        var (sums, histogram, ranks) = Run(threads: 1);
        var (sums3, histogram3, ranks3) = Run(threads: 3);
        Assert.Equal(sums, sums3);
        Assert.Equal(histogram, histogram3);
        Assert.Equal(ranks, ranks3);

        static (double[] Sums, int[] Histogram, long[] Ranks) Run(int threads)
        {
            using var device = ExecutorFixture.Open("simd", threads);
            var random = new RandomCase(Network.Parse("linear(129) > relu > linear(10)"), 33, 10, 5000, true, 0.5f, -0.75f, 5);
            using IExecutor executor = ExecutorFixture.Factory("simd", device).Create(random.Plan);
            executor.SetParameters(random.Parameters());
            using IDeviceSamples samples = executor.Upload(random.Samples());
            using IDeviceActivations activations = executor.Activations(samples, 1);
            using IDeviceRanks ranks = activations.Rank();
            ActivationSums sums = activations.Sum(0.1f);
            return (
                [.. sums.Sums, .. sums.SquareSums], activations.Histogram(17, 0, 2, 30),
                [.. ranks.SumByClass(), .. ranks.SumProducts(ranks)]);
        }
    }

    private IEnumerable<ObservedLayer> ObserveAll(string executor) =>
        Observed.SelectMany((_, index) => IsSlow(executor) ? [index % 2 == 0] : (bool[])[true, false], (observed, isBytes) =>
            new ObservedLayer(devices, executor, observed.Network, observed.Layer, isBytes, count: CountFor(executor)));

    /// <summary>On the CPU accelerator the work-items of a group are threads, which take milliseconds for a barrier.</summary>
    private static bool IsSlow(string executor) => executor == "kernels";

    private static int CountFor(string executor) => IsSlow(executor) ? 131 : 443;

    /// <summary>
    /// A layer of one node whose outputs are the given values; samples are finite, and become infinite where they are doubled.
    /// </summary>
    private ObservedLayer ObserveValues(string executor, float[] values, byte[] labels, int classes) =>
        new(devices, executor, NetworkPlan.Compile(Network.Parse($"neg > neg > linear({classes})"), 1, classes), 1,
            new Samples(
                values.Select(value => float.IsInfinity(value) ? MathF.CopySign(float.MaxValue, value) : value / 2).ToArray(),
                labels, 1, scale: 2),
            new float[2 * classes]);
}
