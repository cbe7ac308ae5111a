using CsCheck;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests.Reference;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed class RandomNetworkTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    // Terms cancel, in the extreme altogether, and no float32 sum can be exact relative to what is left. So errors are taken
    // relative to what the result would be if nothing cancelled.
    private const double Tolerance = 3e-6;

    /// <summary>Of the random cases this share is compared at least; about nine in ten are.</summary>
    private const double SmallestShare = 0.5;

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Random_networks_agree_with_the_float64_reference(string executor)
    {
        var (largestWidth, largestCount, cases) = executor switch
        {
            "kernels" => (33, 65, 12L),
            "opencl" => (129, 443, 25L),
            _ => (129, 443, 150L),
        };
        int compared = 0;
        RandomCase.Generate(largestWidth, largestCount).Sample(
            random => compared += Check(executor, random) ? 1 : 0, iter: cases, threads: 1);
        Assert.InRange(compared, SmallestShare * cases, cases);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Each_layer_agrees_with_the_float64_reference_at_awkward_sizes(string executor)
    {
        string[] networks =
        [
            "linear(10)", "linear(10, bias: false)", "offset-l2(10)", "offset-l2(10, form: reference)", "offset-l1(10)",
            "point-slope(10)",
            "linear(7) > point-slope(129) > relu > point-slope(10) > neg", "abs > linear(10)", "neg > relu > offset-l2(10)",
            "linear(17) > abs > linear(33) > relu > linear(10)", "offset-l2(3) > linear(10)",
            "linear(7) > abs > offset-l1(129) > point-slope(10)", "offset-l1(17) > offset-l1(10) > neg",
        ];
        foreach (string network in networks)
        {
            foreach (bool isBytes in (bool[])[true, false])
            {
                // The first seed with which no value lies near a kink.
                Assert.True(Enumerable.Range(7, 20).Any(seed =>
                    Check(executor, new RandomCase(Network.Parse(network), 19, 10, 37, isBytes, 0.5f, -0.75f, seed))), network);
            }
        }
    }

    private static void CheckInputGradients(
        IExecutor executor, IDeviceSamples samples, ReferenceNetwork reference, Samples data, RandomCase random)
    {
        float[] gradients = new float[data.Count * random.Inputs];
        for (int layer = 0; layer < executor.Plan.Layers.Count; layer++)
        {
            int output = random.Seed % executor.Plan.Layers[layer].Outputs;
            executor.ReadInputGradients(samples, layer, output, gradients);
            foreach (int sample in (int[])[0, data.Count / 2, data.Count - 1])
            {
                var (expected, magnitude) = reference.InputGradient(data, sample, layer, output);
                Distance.AssertClose(
                    $"gradient of output {output} of layer {layer} for sample {sample} of {random}", expected,
                    gradients.AsSpan(sample * random.Inputs, random.Inputs), Tolerance, Distance.Norm(magnitude));
            }
        }
    }

    /// <returns>
    /// Whether the results were compared. They cannot be where a value lies so near to a kink that float32 may fall on its other
    /// side, which is then another gradient.
    /// </returns>
    private bool Check(string executorName, RandomCase random)
    {
        NetworkPlan plan = random.Plan;
        float[] parameters = random.Parameters();
        Samples data = random.Samples();
        var reference = new ReferenceNetwork(plan, [.. parameters.Select(value => (double)value)]);
        var expected = reference.Run(data);
        if (reference.SmallestMargin < 1e-4)
            return false;

        using IExecutor executor = devices.Create(executorName, plan);
        using IDeviceSamples samples = executor.Upload(data);
        executor.SetParameters(parameters);
        PassMetrics metrics = executor.ComputeGradients(samples);
        float[] logits = new float[data.Count * plan.Classes], gradients = new float[plan.ParameterCount];
        executor.ReadActivations(samples, plan.Layers.Count - 1, logits);
        executor.GetGradients(gradients);

        Distance.AssertClose($"logits of {random}", expected.Logits, logits, Tolerance, expected.LogitMagnitude);
        Distance.AssertClose($"loss of {random}", [expected.Loss], [(float)metrics.Loss], 1e-5, Math.Max(expected.Loss, 0.01));
        Distance.AssertClose($"gradients of {random}", expected.Gradients, gradients, Tolerance, expected.GradientMagnitude);
        CheckInputGradients(executor, samples, reference, data, random);
        Assert.Equal(data.Count, metrics.Count);
        Assert.Equal(expected.Correct, metrics.Correct);
        return true;
    }
}
