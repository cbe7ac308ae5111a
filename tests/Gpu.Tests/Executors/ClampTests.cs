using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests.Reference;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// Right predictions under clamps against the float64 reference: the activations as the executor reads them to the host,
/// clamped, and from there through the later layers.
/// </summary>
public sealed class ClampTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    private const float Unlimited = float.PositiveInfinity;

    // Where the label's logit and the largest other one are closer, float32 may decide the other way. Equal ones are equal in
    // both: they come from ReLU, from a clamp of the logits, or from the smallest distance.
    private const double SmallestMargin = 1e-4;

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Clamps_of_one_input_give_the_hand_computed_counts(string executor)
    {
        // Logits x and −x: class 0 where x ≥ 0, the tie at 0 included.
        using var observed = new ObservedLayer(
            devices, executor, NetworkPlan.Compile(Network.Parse("neg > neg > linear(2)"), 1, 2), 1,
            new Samples((float[])[-2, -1, 1, 2], (byte[])[1, 1, 0, 0], 1), [1, -1, 0, 0]);
        foreach (int node in (int[])[Clamp.AllNodes, 0])
        {
            Clamp[] clamps =
            [
                new(-Unlimited, Unlimited, node), new(0, Unlimited, node), new(-Unlimited, 0, node), new(-Unlimited, -0.5f, node),
                new(-1.5f, 1.5f, node), new(3, 3, node),
            ];
            Assert.Equal([4, 2, 4, 2, 4, 2], observed.Activations.CountCorrect(clamps));
        }
        Assert.Equal([], observed.Activations.CountCorrect([]));
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Later_layers_of_any_depth_agree_with_the_float64_reference(string executor)
    {
        foreach (int layer in (int[])[0, 1, 2, 3, 4])
            Check(executor, "linear(12) > relu > linear(17) > abs > linear(10)", layer, isBytes: true, count: 443);
        Check(executor, "linear(129) > abs > linear(10)", 1, isBytes: true, count: 443);
        Check(executor, "linear(64) > relu > offset-l2(10) > neg", 0, isBytes: false, count: 129);
        Check(executor, "linear(1) > abs > linear(10)", 1, isBytes: true, count: 443);
        Check(executor, "abs > linear(10)", 0, isBytes: true, count: 443);
        Check(executor, "neg > offset-l2(33) > point-slope(10)", 0, isBytes: false, count: 129);
        Check(executor, "offset-l2(17) > linear(10) > relu", 0, isBytes: true, count: 129);
        Check(executor, "point-slope(17) > abs > neg > offset-l2(10, form: reference) > neg", 1, isBytes: false, count: 129);
    }

    [Theory]
    [MemberData(nameof(Tails))]
    public void One_layer_with_parameters_between_elementwise_ones_agrees_with_the_float64_reference(string executor, string tail)
    {
        string[] before = ["abs", "abs > neg", "neg > relu", "relu > neg > abs"];
        string[] after = ["", " > abs", " > relu", " > neg", " > relu > neg", " > neg > relu", " > abs > neg"];
        for (int i = 0; i < before.Length * after.Length; i++)
        {
            // All pairs, but on the CPU accelerator's threads only some, in which each sequence occurs.
            int a = i % after.Length, b = i % before.Length;
            if (!IsSlow(executor) || i < after.Length)
                Check(executor, $"linear(7) > {before[b]} > {tail}{after[a]}", 1, isBytes: true, count: 131);
        }
    }

    public static TheoryData<string, string> Tails() => ExecutorFixture.AllWith(
        "linear(10)", "linear(10, bias: false)", "offset-l2(10)", "offset-l2(10, form: reference)", "offset-l1(10)",
        "point-slope(10)");

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Layers_without_a_layer_with_parameters_behind_them_agree_with_the_float64_reference(string executor)
    {
        foreach (int layer in (int[])[1, 2, 3])
            Check(executor, "linear(7) > linear(10) > abs > neg", layer, isBytes: true, count: 131);
        Check(executor, "linear(7) > relu > offset-l2(10)", 2, isBytes: true, count: 131);
        Check(executor, "linear(7) > relu > offset-l2(10) > neg", 3, isBytes: true, count: 131);
        Check(executor, "linear(7) > relu > linear(10) > relu > neg", 3, isBytes: false, count: 131);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Square_sums_below_zero_agree_with_the_float64_reference(string executor)
    {
        // Weights of either sign, which the reference form of OffsetL2 takes as they are: many distances are the smallest.
        foreach (var (network, layer) in ((string, int)[])
            [("linear(7) > abs > offset-l2(10, form: reference) > neg", 1), ("linear(7) > offset-l2(10, form: reference)", 0)])
        {
            var random = new RandomCase(Network.Parse(network), 19, 10, 131, true, 0.5f, -0.75f, 7);
            NetworkPlan plan = random.Plan;
            float[] parameters = random.Parameters();
            ParameterTensor alpha = plan.Tensors.Single(tensor => tensor.Role == ParameterRole.Alpha);
            for (int i = 0; i < alpha.Count; i += 2)
                parameters[alpha.Offset + i] *= -1;
            using var observed = new ObservedLayer(devices, executor, plan, layer, random.Samples(), parameters);
            Check(observed, network);
        }
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Nodes_that_the_layer_lacks_are_refused(string executor)
    {
        using var observed = new ObservedLayer(devices, executor, "linear(7) > relu > linear(10)", 1, isBytes: true);
        Assert.ThrowsAny<ArgumentException>(() => observed.Activations.CountCorrect([new(0, 1), new(0, 1, 7)]));
        Assert.ThrowsAny<ArgumentException>(() => observed.Activations.CountCorrect([new(0, 1, -2)]));
    }

    [Fact]
    public void Counts_are_the_same_for_one_thread_and_three()
    {
        string[] networks = ["linear(33) > abs > offset-l2(10) > neg", "linear(33) > abs > linear(17) > relu > linear(10)"];
        foreach (string network in networks)
            Assert.Equal(Run(network, threads: 1), Run(network, threads: 3));

        static int[] Run(string network, int threads)
        {
            using var device = ExecutorFixture.Open("simd", threads);
            var random = new RandomCase(Network.Parse(network), 19, 10, 3000, true, 0.5f, -0.75f, 5);
            using IExecutor executor = ExecutorFixture.Factory("simd", device).Create(random.Plan);
            executor.SetParameters(random.Parameters());
            using IDeviceSamples samples = executor.Upload(random.Samples());
            using IDeviceActivations activations = executor.Activations(samples, 1);
            return activations.CountCorrect([.. Enumerable.Range(-1, 34).Select(node => new Clamp(0.5f, 0.75f, node))]);
        }
    }

    private void Check(string executor, string network, int layer, bool isBytes, int count)
    {
        using var observed = new ObservedLayer(
            devices, executor, network, layer, isBytes, count: IsSlow(executor) ? Math.Min(count, 67) : count);
        Check(observed, $"{network}, layer {layer}");
    }

    /// <summary>On the CPU accelerator the work-items of a group are threads, which take milliseconds for a barrier.</summary>
    private static bool IsSlow(string executor) => executor == "kernels";

    private static void Check(ObservedLayer observed, string what)
    {
        float[] sorted = [.. observed.Values.Order()];
        float low = sorted[sorted.Length / 4], middle = sorted[sorted.Length / 2], high = sorted[sorted.Length * 9 / 10];
        int unclamped = observed.Executor.Evaluate(observed.Samples).Correct;
        // In no order of the nodes.
        int[] nodes = [Clamp.AllNodes, .. new SortedSet<int> { 0, observed.Width / 2, observed.Width - 1 }.Reverse()];
        Clamp[] clamps =
        [
            .. nodes.Select(node => new Clamp(-Unlimited, Unlimited, node)),
            .. nodes.Select(node => new Clamp(high, Unlimited, node)), .. nodes.Select(node => new Clamp(-Unlimited, low, node)),
            .. nodes.Select(node => new Clamp(middle, high, node)), .. nodes.Select(node => new Clamp(1.25f, 1.25f, node)),
        ];
        int[] counts = observed.Activations.CountCorrect(clamps);
        Assert.Equal(clamps.Length, counts.Length);
        for (int i = 0; i < clamps.Length; i++)
        {
            if (i < nodes.Length)
            {
                Assert.True(counts[i] == unclamped,
                    $"{what}, {clamps[i]}: {counts[i]} right where {unclamped} are without a clamp");
            }

            var (right, close) = ExpectedCorrect(observed, clamps[i]);
            Assert.True(close <= observed.Labels.Length / 20, $"{what}, {clamps[i]}: {close} samples are too close to tell");
            Assert.True(
                counts[i] >= right && counts[i] <= right + close,
                $"{what}, {clamps[i]}: expected {right} right and {close} too close to tell, found {counts[i]}");
        }
        Assert.Equal(counts, observed.Activations.CountCorrect(clamps));
    }

    /// <summary>The samples whose prediction is right, and those where rounding decides.</summary>
    private static (int Right, int Close) ExpectedCorrect(ObservedLayer observed, Clamp clamp)
    {
        NetworkPlan plan = observed.Executor.Plan;
        var reference = new ReferenceNetwork(plan, [.. observed.Parameters.Select(value => (double)value)]);
        int right = 0, close = 0, width = observed.Width;
        for (int s = 0; s < observed.Labels.Length; s++)
        {
            double[] values = [.. Enumerable.Range(0, width).Select(node =>
            {
                float a = observed.Values[s * width + node];
                bool isClamped = clamp.Node == Clamp.AllNodes || clamp.Node == node;
                return (double)(isClamped ? MathF.Min(MathF.Max(a, clamp.Lowest), clamp.Highest) : a);
            })];
            values = reference.Logits(observed.Activations.Layer.Index + 1, values);
            int label = observed.Labels[s];
            double margin = values[label] - values.Where((_, j) => j != label).Max();
            if (margin != 0 && Math.Abs(margin) < SmallestMargin)
                close++;
            else if (Array.IndexOf(values, values.Max()) == label)
                right++;
        }
        return (right, close);
    }
}
