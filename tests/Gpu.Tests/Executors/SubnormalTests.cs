using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// Processors take a hundred times as long for subnormal numbers, and many GPUs take them as 0: where logits are far apart, as on
/// raw pixels, none may arise behind softmax.
/// </summary>
public sealed class SubnormalTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void The_gradient_of_a_logit_is_softmax_down_to_1e_20_and_0_below(string executorName)
    {
        // The logits are the biases, and the gradient of a batch of one sample's bias is that of its logit.
        const int Classes = 111;
        var plan = NetworkPlan.Compile(Network.Parse($"linear({Classes})"), 1, Classes);
        double[] logits = [.. Enumerable.Range(0, Classes).Select(j => -1.25 * j)];
        using IExecutor executor = devices.Create(executorName, plan);
        using IDeviceSamples samples = executor.Upload(new Samples((float[])[1], (byte[])[1], 1));
        executor.SetParameters([.. new float[Classes], .. logits.Select(z => (float)z)]);
        executor.ComputeGradients(samples);
        float[] gradients = new float[plan.ParameterCount];
        executor.GetGradients(gradients);

        double sum = logits.Sum(Math.Exp);
        for (int j = 0; j < Classes; j++)
        {
            double expected = Math.Exp(logits[j]) < 1e-20 ? 0 : Math.Exp(logits[j]) / sum - (j == 1 ? 1 : 0);
            Assert.Equal(expected, gradients[Classes + j], 2e-6 * Math.Abs(expected));
        }
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Training_on_raw_pixels_makes_no_subnormal_gradients(string executorName)
    {
        const int Width = 65, Count = 40;
        var plan = NetworkPlan.Compile(Network.Parse("linear(33) > abs > linear(10)"), Width, 10);
        var random = new Random(1);
        byte[] pixels = new byte[Count * Width];
        random.NextBytes(pixels);
        byte[] labels = [.. Enumerable.Range(0, Count).Select(_ => (byte)random.Next(10))];
        using IExecutor executor = devices.Create(executorName, plan);
        using IDeviceSamples samples = executor.Upload(new Samples(pixels, labels, Width), batchSize: 1);
        executor.SetParameters(
            [.. plan.Tensors.SelectMany(tensor =>
                Enumerable.Range(0, tensor.Count).Select(_ => (2 * random.NextSingle() - 1) / MathF.Sqrt(tensor.FanIn)))]);

        // A batch of one sample: the biases' gradients are those of the logits and of the hidden layer, nothing added up.
        float[] gradients = new float[plan.ParameterCount];
        int zeros = 0, steps = executorName == "kernels" ? Count : 3 * Count; // The CPU accelerator takes long for a launch.
        for (int n = 0; n < steps; n++)
        {
            executor.TrainEpoch(samples, learningRate: 1e-5f, [n % Count]);
            executor.GetGradients(gradients);
            Assert.DoesNotContain(gradients, float.IsSubnormal);
            zeros += gradients.AsSpan(plan.Tensors[^1].Offset).Count(0f);
        }
        // Else the logits would have been too near to each other for the test to mean anything.
        Assert.InRange(zeros, steps / 3, steps * 9);
    }
}
