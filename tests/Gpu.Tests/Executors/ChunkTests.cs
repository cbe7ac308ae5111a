using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>Where a device's memory does not hold a batch, it goes through the network in chunks.</summary>
public sealed class ChunkTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    [Theory]
    [InlineData("linear(10) > abs > offset-l2(3) > neg", true)]
    [InlineData("offset-l2(6) > relu > linear(3)", false)]
    public void A_batch_in_chunks_has_the_gradient_and_the_metrics_of_the_whole(string network, bool isBytes)
    {
        var plan = NetworkPlan.Compile(Network.Parse(network), 21, 3);
        var random = new Random(5);
        byte[] labels = [.. Enumerable.Range(0, 200).Select(_ => (byte)random.Next(3))];
        Samples samples = isBytes
            ? new Samples(Enumerable.Range(0, 200 * 21).Select(_ => (byte)random.Next(4)).ToArray(), labels, 21, 0.25f, -0.5f)
            : new Samples(Enumerable.Range(0, 200 * 21).Select(_ => random.NextSingle() - 0.5f).ToArray(), labels, 21);
        float[] parameters = [.. Enumerable.Range(0, plan.ParameterCount).Select(_ => random.NextSingle() - 0.5f)];

        using var device = ComputeDevice.Open("cpu", threads: 1);
        using IExecutor whole = new SimdExecutor(plan, device), chunked = new KernelExecutor(plan, device, largestChunk: 64);
        (PassMetrics expected, float[] gradient) = Train(whole, samples, parameters);
        (PassMetrics actual, float[] inChunks) = Train(chunked, samples, parameters);

        Assert.Equal(expected.Correct, actual.Correct);
        Assert.Equal(200, actual.Count);
        Assert.Equal(expected.LossSum, actual.LossSum, expected.LossSum * 1e-6);
        Distance.AssertClose("gradient", [.. gradient.Select(value => (double)value)], inChunks, 1e-5);
    }

    public static TheoryData<string, string, int> Cases()
    {
        var cases = new TheoryData<string, string, int> { { "kernels", "linear(5) > abs > linear(3, bias: false)", 10 } };
        // More clamps than go through the rest of the network before their counts are read take the CPU accelerator too long.
        foreach (string executor in ExecutorFixture.Drivers.Where(ExecutorFixture.IsHere))
            cases.Add(executor, "linear(5) > abs > offset-l2(4) > linear(3)", 300);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_said_of_a_layer_in_chunks_is_what_is_said_of_the_whole(string executor, string network, int clampCount)
    {
        var random = new RandomCase(Network.Parse(network), 7, 3, 70, IsBytes: true, Scale: 0.5f, Shift: -0.75f, Seed: 5);
        Clamp[] clamps = [.. Enumerable.Range(0, clampCount)
            .Select(n => new Clamp(0, 2f * n / clampCount, n % 7 == 0 ? n % 5 : Clamp.AllNodes))];
        ComputeDevice device = devices.Device(executor);
        using IExecutor whole = new KernelExecutor(random.Plan, device),
            chunked = new KernelExecutor(random.Plan, device, largestChunk: 64);
        (double[] sums, int[] order, int[] counts) = Analyse(whole, random, clamps);
        (double[] sumsInChunks, int[] orderInChunks, int[] countsInChunks) = Analyse(chunked, random, clamps);
        Assert.True(counts.Distinct().Count() > 2, string.Join(" ", counts));
        Assert.Equal(sums, sumsInChunks);
        Assert.Equal(order, orderInChunks);
        Assert.Equal(counts, countsInChunks);
    }

    private static (double[] Sums, int[] Order, int[] Counts) Analyse(IExecutor executor, RandomCase random, Clamp[] clamps)
    {
        executor.SetParameters(random.Parameters());
        using IDeviceSamples samples = executor.Upload(random.Samples());
        using IDeviceActivations activations = executor.Activations(samples, layer: 1);
        using IDeviceRanks ranks = activations.Rank();
        return (activations.Sum(threshold: 0).Sums, ranks.SamplesAt(node: 4, first: 0, ranks.Count),
            activations.CountCorrect(clamps));
    }

    private static (PassMetrics Metrics, float[] Gradient) Train(IExecutor executor, Samples samples, float[] parameters)
    {
        using IDeviceSamples uploaded = executor.Upload(samples);
        executor.SetParameters(parameters);
        PassMetrics metrics = executor.ComputeGradients(uploaded);
        float[] gradient = new float[parameters.Length];
        executor.GetGradients(gradient);
        return (metrics, gradient);
    }
}
