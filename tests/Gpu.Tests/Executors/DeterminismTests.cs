using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed class DeterminismTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    [Theory]
    [InlineData("linear(128) > abs > offset-l2(10) > neg", true, int.MaxValue, 3000)]
    [InlineData("linear(100) > relu > linear(30) > abs > linear(10)", true, 256, 3000)]
    [InlineData("linear(20) > relu > point-slope(10)", false, 100, 3000)]
    // In batches of up to 1024 each thread has panels of 64 columns of the first layer, or rows of one; a chunk is 512 samples.
    [InlineData("linear(10)", true, 1, 5)]
    [InlineData("linear(17) > relu > linear(10)", true, 7, 25)]
    [InlineData("linear(130, bias: false) > abs > linear(10)", true, 128, 300)]
    [InlineData("linear(150) > relu > offset-l2(10)", true, 129, 300)]
    [InlineData("linear(70) > relu > point-slope(9) > abs > linear(10)", true, 512, 1100)]
    [InlineData("linear(40) > relu > linear(10)", true, 513, 1100)]
    [InlineData("linear(200) > abs > linear(10)", true, 1024, 1100)]
    [InlineData("linear(200, bias: false) > abs > linear(10)", true, 1025, 1300)]
    public void The_bits_are_the_same_for_any_number_of_threads_and_when_repeated(
        string network, bool isBytes, int batchSize, int count)
    {
        float[] expected = Run(threads: 1);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        foreach (int threads in (int[])[1, 2, 3, 8])
            Assert.Equal(expected, Run(threads));

        float[] Run(int threads)
        {
            using ComputeDevice device = ExecutorFixture.Open("simd", threads);
            return Train(network, isBytes, batchSize, "simd", device, count, "momentum(weight-decay: 0.1)");
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(7, 25)]
    [InlineData(129, 300)]
    [InlineData(513, 1100)]
    [InlineData(1024, 1100)]
    [InlineData(1152, 1300)]
    public void Samples_of_which_most_bytes_are_zero_train_as_dense_ones_do(int batchSize, int count)
    {
        using ComputeDevice device = ExecutorFixture.Open("simd", threads: 3);
        foreach (string network in (string[])["linear(70) > relu > offset-l2(10)", "linear(10, bias: false)"])
        {
            float[] sparse = Train(network, true, batchSize, "simd", device, count, "adam(weight-decay: 0.1)", "bias=2");
            float[] dense = Train(network, false, batchSize, "simd", device, count, "adam(weight-decay: 0.1)", "bias=2");
            Distance.AssertClose(network, [.. dense.Select(value => (double)value)], sparse, 1e-4);
        }
    }

    [Fact]
    public void An_executor_that_has_trained_otherwise_before_trains_like_a_new_one()
    {
        const string Name = "linear(70) > relu > linear(10)";
        var plan = NetworkPlan.Compile(Network.Parse(Name), 50, 10);
        using ComputeDevice device = ExecutorFixture.Open("simd", threads: 3);
        using IExecutor executor = ExecutorFixture.Factory("simd", device).Create(plan);
        // What is kept of panels and portions grows and is used for less; chunks follow on blocks and the other way round.
        foreach (var (optimizer, batchSize) in (ReadOnlySpan<(string, int)>)[
            ("sgd", 100), ("adam", 700), ("sgd", 100), ("momentum", 1300), ("adam", 64), ("sgd", 1024)])
        {
            using IDeviceSamples samples = executor.Upload(
                RandomSamples(1300, 50, isBytes: true, scale: 0.1f, shift: -1), batchSize);
            executor.SetParameters(RandomParameters(plan));
            executor.SetOptimizer(Optimizer.Parse(optimizer));
            double loss = 0;
            for (int epoch = 0; epoch < 3; epoch++)
            {
                _ = executor.ComputeGradients(samples);
                loss = executor.TrainEpoch(samples, 1e-3f).LossSum;
            }
            float[] parameters = new float[plan.ParameterCount];
            executor.GetParameters(parameters);
            float[] found = [.. parameters, (float)loss, (float)executor.Evaluate(samples).LossSum];
            Assert.Equal(Train(Name, true, batchSize, "simd", device, 1300, optimizer), found);
        }
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.Kernels), MemberType = typeof(ExecutorFixture))]
    public void Kernels_give_the_same_bits_when_repeated_on_a_device_opened_anew(string executor)
    {
        (string Network, int Count, int BatchSize)[] trainings = executor == "kernels"
            ? [("linear(9) > relu > offset-l2(10) > neg", 500, 300)]
            : [("linear(128) > abs > offset-l2(10) > neg", 3000, int.MaxValue),
                ("linear(100) > relu > point-slope(30) > abs > linear(10)", 3000, 256)];
        using ComputeDevice anew = ExecutorFixture.Open(executor, threads: 1);
        foreach (var (network, count, batchSize) in trainings)
        {
            float[] expected = Train(network, true, batchSize, executor, devices.Device(executor), count);
            Assert.All(expected, value => Assert.True(float.IsFinite(value)));
            Assert.Equal(expected, Train(network, true, batchSize, executor, anew, count));
        }
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Batches_are_visited_in_the_given_order_and_each_step_uses_the_parameters_of_the_one_before(string executorName)
    {
        var plan = NetworkPlan.Compile(Network.Parse("linear(12) > relu > linear(10)"), 30, 10);
        Samples all = RandomSamples(125, 30, isBytes: true, scale: 1, shift: 0);
        using IExecutor executor = devices.Create(executorName, plan);
        float[] start = RandomParameters(plan), together = new float[start.Length], apart = new float[start.Length];

        executor.SetParameters(start);
        using (IDeviceSamples samples = executor.Upload(all, batchSize: 50))
        {
            Assert.Equal(3, samples.BatchCount);
            Assert.Equal(75, executor.TrainEpoch(samples, 0.1f, [2, 0]).Count);
        }
        executor.GetParameters(together);

        executor.SetParameters(start);
        foreach (var (first, count) in ((int, int)[])[(100, 25), (0, 50)])
        {
            using IDeviceSamples samples =
                executor.Upload(new Samples(all.Bytes.Slice(first * 30, count * 30), all.Labels.Slice(first, count), 30));
            executor.TrainEpoch(samples, 0.1f);
        }
        executor.GetParameters(apart);
        // Not the same bits: the executor may order the samples of a batch, and adds them up in that order.
        Distance.AssertClose("parameters", [.. apart.Select(value => (double)value)], together, 1e-6);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Samples_that_do_not_fit_the_plan_are_refused(string executorName)
    {
        using IExecutor executor = devices.Create(executorName, NetworkPlan.Compile(Network.Parse("linear(3)"), 4, 3));
        Assert.Throws<ArgumentException>(() => executor.Upload(new Samples(new byte[10], new byte[2], 5)));
        Assert.Throws<ArgumentException>(() => executor.Upload(new Samples(new byte[8], (byte[])[0, 3], 4)));
    }

    private static float[] Train(
        string network, bool isBytes, int batchSize, string executorName, ComputeDevice device, int count,
        string optimizer = "sgd", string factors = "")
    {
        var plan = NetworkPlan.Compile(Network.Parse(network), 50, 10);
        using IExecutor executor = ExecutorFixture.Factory(executorName, device).Create(plan);
        using IDeviceSamples samples = executor.Upload(RandomSamples(count, 50, isBytes, scale: 0.1f, shift: -1), batchSize);
        executor.SetParameters(RandomParameters(plan));
        executor.SetOptimizer(Optimizer.Parse(optimizer), RateFactors.Parse(factors));
        double loss = 0;
        for (int epoch = 0; epoch < 3; epoch++)
            loss = executor.TrainEpoch(samples, 1e-3f).LossSum;
        float[] parameters = new float[plan.ParameterCount];
        executor.GetParameters(parameters);
        return [.. parameters, (float)loss, (float)executor.Evaluate(samples).LossSum];
    }

    private static Samples RandomSamples(int count, int width, bool isBytes, float scale, float shift)
    {
        var random = new Random(5);
        byte[] labels = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(10))];
        int[] values = [.. Enumerable.Range(0, count * width).Select(_ => Math.Max(0, random.Next(-200, 56)))];
        return isBytes
            ? new Samples(values.Select(v => (byte)v).ToArray(), labels, width, scale, shift)
            : new Samples(values.Select(v => (float)v).ToArray(), labels, width, scale, shift);
    }

    private static float[] RandomParameters(NetworkPlan plan)
    {
        var random = new Random(6);
        return [.. Enumerable.Range(0, plan.ParameterCount).Select(_ => (float)(random.NextDouble() - 0.5) * 0.1f)];
    }
}
