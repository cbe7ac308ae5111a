using System.Runtime.CompilerServices;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed class SharedSamplesTests
{
    private const int Width = 70;

    private static readonly NetworkPlan Plan = NetworkPlan.Compile(Network.Parse("linear(20) > relu > linear(10)"), Width, 10);

    [Fact]
    public void Executors_share_what_is_made_of_the_same_samples()
    {
        Samples samples = RandomSamples();
        using ComputeDevice device = ExecutorFixture.Open("simd", threads: 1), second = ExecutorFixture.Open("simd", threads: 2);
        using IExecutor mine = Create(device), its = Create(second);
        using BlockedSamples a = Upload(mine, samples), b = Upload(its, samples), again = Upload(mine, samples, int.MaxValue);

        Assert.NotNull(a.Sparse);
        Assert.Same(a.Sparse, b.Sparse);
        Assert.Same(a.Sparse, again.Sparse);
        Assert.Same(a.Order, b.Order);
    }

    [Fact]
    public void Other_samples_and_other_batches_are_not_shared()
    {
        Samples samples = RandomSamples();
        using ComputeDevice device = ExecutorFixture.Open("simd", threads: 1);
        using IExecutor executor = Create(device);
        using BlockedSamples all = Upload(executor, samples), batches = Upload(executor, samples, 100),
            equal = Upload(executor, RandomSamples());

        Assert.NotSame(all.Sparse, batches.Sparse);
        Assert.NotSame(all.Sparse, equal.Sparse);
        Assert.Equal([0, 128, 256, 300], all.BlockStarts);
        Assert.Equal([0, 100, 200, 300], batches.BlockStarts);
        Assert.Equal([0, 1, 2, 3], batches.BatchBlocks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_is_freed_with_the_last_use_whatever_the_order(bool firstEndsFirst)
    {
        Samples samples = RandomSamples();
        using ComputeDevice device = ExecutorFixture.Open("simd", threads: 1);
        using IExecutor mine = Create(device), its = Create(device);
        BlockedSamples a = Upload(mine, samples), b = Upload(its, samples);
        SparseChunks shared = a.Sparse!;

        (firstEndsFirst ? a : b).Dispose();
        (firstEndsFirst ? a : b).Dispose();
        Assert.False(shared.IsDisposed);
        (firstEndsFirst ? b : a).Dispose();
        Assert.True(shared.IsDisposed);

        using BlockedSamples anew = Upload(mine, samples);
        Assert.NotSame(shared, anew.Sparse);
        Assert.False(anew.Sparse!.IsDisposed);
    }

    [Fact]
    public void Nothing_keeps_samples_alive_that_nobody_uses()
    {
        WeakReference samples = UseAndForget();
        GC.Collect();
        Assert.False(samples.IsAlive);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(90)]
    public async Task Results_are_the_same_bits_with_and_without_sharing(int batchSize)
    {
        float[] expected = Train(RandomSamples(), batchSize);
        Samples shared = RandomSamples();

        // All at the same time, so that the samples are asked for while they are being prepared.
        float[][] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Train(shared, batchSize))));

        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Samples_in_another_order_give_the_bits_of_a_copy_in_that_order(bool isBytes, bool isSparse)
    {
        Samples random = RandomSamples();
        byte[] values = random.Bytes.ToArray();
        if (!isSparse)
            values = [.. values.Select(value => (byte)(value + 1))];
        Samples samples = isBytes
            ? new Samples(values, random.Labels, Width, 1 / 255f)
            : new Samples(values.Select(value => value / 255f).ToArray(), random.Labels, Width);
        int[] order = [.. Enumerable.Range(0, samples.Count)];
        new Random(7).Shuffle(order);
        T[] Copied<T>(ReadOnlyMemory<T> from, int width) =>
            [.. order.SelectMany(sample => from.Slice(sample * width, width).ToArray())];
        byte[] labels = Copied(samples.Labels, 1);
        Samples copy = isBytes
            ? new Samples(Copied(samples.Bytes, Width), labels, Width, 1 / 255f)
            : new Samples(Copied(samples.Floats, Width), labels, Width);

        Samples ordered = samples.InOrder(order);

        Assert.Equal(copy.Bytes.ToArray(), ordered.Bytes.ToArray());
        Assert.Equal(copy.Floats.ToArray(), ordered.Floats.ToArray());
        Assert.Equal(copy.Labels.ToArray(), ordered.Labels.ToArray());
        float[] expected = Train(copy, 90);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(expected, Train(ordered, 90));
    }

    private static float[] Train(Samples samples, int batchSize)
    {
        using ComputeDevice device = ExecutorFixture.Open("simd", threads: 1);
        using IExecutor executor = Create(device);
        using BlockedSamples uploaded = Upload(executor, samples, batchSize);
        var random = new Random(6);
        executor.SetParameters(
            [.. Enumerable.Range(0, Plan.ParameterCount).Select(_ => (float)(random.NextDouble() - 0.5) * 0.1f)]);
        for (int epoch = 0; epoch < 3; epoch++)
            executor.TrainEpoch(uploaded, 1e-3f);
        float[] parameters = new float[Plan.ParameterCount];
        executor.GetParameters(parameters);
        float[] activations = new float[samples.Count * 20];
        executor.ReadActivations(uploaded, 0, activations);
        return [.. parameters, .. activations, (float)executor.Evaluate(uploaded).LossSum];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndForget()
    {
        Samples samples = RandomSamples();
        using ComputeDevice device = ExecutorFixture.Open("simd", threads: 1);
        using IExecutor executor = Create(device);
        Upload(executor, samples).Dispose();
        return new WeakReference(samples);
    }

    private static IExecutor Create(ComputeDevice device) => ExecutorFixture.Factory("simd", device).Create(Plan);

    private static BlockedSamples Upload(IExecutor executor, Samples samples, int batchSize = 300) =>
        (BlockedSamples)executor.Upload(samples, batchSize);

    private static Samples RandomSamples()
    {
        var random = new Random(5);
        byte[] labels = [.. Enumerable.Range(0, 300).Select(_ => (byte)random.Next(10))];
        byte[] values = [.. Enumerable.Range(0, 300 * Width).Select(_ => (byte)Math.Max(0, random.Next(-400, 256)))];
        return new Samples(values, labels, Width, 1 / 255f);
    }
}
