using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>Counts what the whole process allocates, so nothing else may run at the same time.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    // What ILGPU allocates for a launch, twice, and nothing that grows with data, batches or network.
    private const long LargestBytesPerEpoch = 8 * 1024;

    [Theory]
    [InlineData("linear(10)", 100, int.MaxValue)]
    [InlineData("linear(64) > abs > offset-l2(10) > neg", 5000, int.MaxValue)]
    [InlineData("linear(100) > relu > linear(50) > abs > linear(10)", 5000, 100)]
    public void An_epoch_allocates_a_small_constant(string network, int count, int batchSize)
    {
        const int Width = 40, Epochs = 20;
        var random = new Random(4);
        byte[] values = [.. Enumerable.Range(0, count * Width).Select(_ => (byte)Math.Max(0, random.Next(-200, 56)))];
        byte[] labels = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(10))];
        using var device = ComputeDevice.Open("cpu", threads: 2);
        var plan = NetworkPlan.Compile(Network.Parse(network), Width, 10);
        using IExecutor executor = new ExecutorFactory(device).Create(plan);
        executor.SetParameters(new float[plan.ParameterCount]);
        using IDeviceSamples samples = executor.Upload(new Samples(values, labels, Width), batchSize);

        long Run()
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int epoch = 0; epoch < Epochs; epoch++)
            {
                executor.TrainEpoch(samples, 1e-4f);
                executor.Evaluate(samples);
            }
            return (GC.GetTotalAllocatedBytes(precise: true) - before) / Epochs;
        }

        Run();
        Assert.InRange(Run(), 0, LargestBytesPerEpoch);
    }
}
