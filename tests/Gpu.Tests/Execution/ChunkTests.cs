using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Execution;

/// <summary>Where a device's memory does not hold a batch, its gradient is the sum over chunks.</summary>
public sealed class ChunkTests
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

        using var simd = ComputeDevice.Open("cpu", threads: 1, ExecutorKind.Simd);
        using var kernels = ComputeDevice.Open("cpu", threads: 1, ExecutorKind.Kernels);
        using IExecutor whole = new SimdExecutor(plan, simd), chunked = new KernelExecutor(plan, kernels, largestChunk: 64);
        (PassMetrics expected, float[] gradient) = Train(whole, samples, parameters);
        (PassMetrics actual, float[] inChunks) = Train(chunked, samples, parameters);

        Assert.Equal(expected.Correct, actual.Correct);
        Assert.Equal(200, actual.Count);
        Assert.Equal(expected.LossSum, actual.LossSum, expected.LossSum * 1e-6);
        Distance.AssertClose("gradient", [.. gradient.Select(value => (double)value)], inChunks, 1e-5);
    }

    private static (PassMetrics Metrics, float[] Gradient) Train(IExecutor executor, Samples samples, float[] parameters)
    {
        using IDeviceSamples uploaded = executor.Upload(samples);
        executor.SetParameters(parameters);
        PassMetrics metrics = executor.TrainEpoch(uploaded, learningRate: 0);
        float[] gradient = new float[parameters.Length];
        executor.GetGradients(gradient);
        return (metrics, gradient);
    }
}
