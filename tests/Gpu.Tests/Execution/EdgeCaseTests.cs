using System.Text.Json;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Execution;

/// <summary>Derivatives at kinks and on prototypes, from PyTorch's files edge-*.json.</summary>
public sealed class EdgeCaseTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    public static TheoryData<string, string> Activations() => ExecutorFixture.AllWith("abs", "relu");

    public static TheoryData<string, string> Forms() => ExecutorFixture.AllWith("paper", "reference");

    [Theory]
    [MemberData(nameof(Activations))]
    public void The_kink_is_exactly_PyTorch_s(string executorName, string activation)
    {
        JsonElement edge = Load($"edge-{activation}");
        float[] values = GoldenCase.Floats(edge.GetProperty("input"));

        // Each sample's single value v goes unchanged through linear(1) with w = 1 into the activation. From there a layer
        // with weights (1, 0) makes two logits; the label is 1, so that the gradient at the activation is softmax(·)_0 / n,
        // and the gradient of the first bias is its sum over the samples whose derivative is not 0.
        var plan = NetworkPlan.Compile(Network.Parse($"linear(1) > {activation} > linear(2, bias: false)"), 1, 2);
        using IExecutor executor = devices.Create(executorName, plan);
        executor.SetParameters([1, 0, 1, 0]);
        double[] expected = GoldenCase.Doubles(edge.GetProperty("gradient_of_sum"));
        for (int n = 0; n < values.Length; n++)
        {
            using IDeviceSamples samples = executor.Upload(new Samples((float[])[values[n]], (byte[])[1], 1));
            float[] output = new float[1], gradients = new float[4];
            executor.ReadActivations(samples, 1, output);
            Assert.Equal(edge.GetProperty("output")[n].GetSingle(), output[0]);

            executor.TrainEpoch(samples, learningRate: 0);
            executor.GetGradients(gradients);
            double slope = 1 / (1 + Math.Exp(-output[0]));
            Assert.Equal(expected[n] * slope, gradients[1], 1e-7);
            if (expected[n] == 0)
                Assert.Equal(0, gradients[1]);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_sample_on_a_prototype_has_the_smallest_distance_and_no_gradient(string executorName, string form)
    {
        JsonElement edge = Load($"edge-offset-l2.{form}");
        var plan = NetworkPlan.Compile(Network.Parse($"offset-l2(2, form: {form})"), 3, 2);
        using IExecutor executor = devices.Create(executorName, plan);
        float[] parameters = [.. GoldenCase.Floats(edge.GetProperty("mu")), .. GoldenCase.Floats(edge.GetProperty("alpha"))];
        executor.SetParameters(parameters);
        float[] input = GoldenCase.Floats(edge.GetProperty("input"));
        using IDeviceSamples samples = executor.Upload(new Samples(input, (byte[])[0, 1], 3));

        float[] output = new float[4];
        executor.ReadActivations(samples, 0, output);
        Distance.AssertClose("distances", GoldenCase.Doubles(edge.GetProperty("output")), output, 1e-6);
        Assert.Equal(MathF.Sqrt(1e-12f), output[0]);

        // The first sample alone, of class 0: it lies on prototype 0, whose gradient is exactly 0.
        using IDeviceSamples first = executor.Upload(new Samples(input.AsMemory(0, 3), (byte[])[0], 3));
        executor.TrainEpoch(first, learningRate: 0);
        float[] gradients = new float[12];
        executor.GetGradients(gradients);
        Assert.All([0, 1, 2, 6, 7, 8], n => Assert.Equal(0, gradients[n]));

        var reference = new ReferenceNetwork(plan, [.. parameters.Select(value => (double)value)]);
        executor.TrainEpoch(samples, learningRate: 0);
        executor.GetGradients(gradients);
        Distance.AssertClose(
            "gradients", reference.Run(new Samples(input, (byte[])[0, 1], 3)).Gradients, gradients, 1e-5);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("reference")]
    public void The_float64_reference_has_PyTorch_s_gradients_on_a_prototype(string form)
    {
        JsonElement edge = Load($"edge-offset-l2.{form}");
        var plan = NetworkPlan.Compile(Network.Parse($"offset-l2(2, form: {form})"), 3, 2);
        double[] parameters = [.. GoldenCase.Doubles(edge.GetProperty("mu")), .. GoldenCase.Doubles(edge.GetProperty("alpha"))];
        double[] outputGradient = GoldenCase.Doubles(edge.GetProperty("output_gradient"));
        var reference = new ReferenceNetwork(plan, parameters);
        double[] gradients = new double[plan.ParameterCount], input = GoldenCase.Doubles(edge.GetProperty("input"));
        var inputGradient = new List<double>();
        for (int s = 0; s < 2; s++)
        {
            double[] x = input[(3 * s)..(3 * s + 3)];
            double[] y = reference.Forward(plan.Layers[0], x);
            inputGradient.AddRange(reference.Backward(plan.Layers[0], x, y, outputGradient[(2 * s)..(2 * s + 2)], gradients));
        }
        double[] expected =
            [.. GoldenCase.Doubles(edge.GetProperty("mu_gradient")), .. GoldenCase.Doubles(edge.GetProperty("alpha_gradient"))];
        for (int n = 0; n < expected.Length; n++)
            Assert.Equal(expected[n], gradients[n], 1e-12);
        double[] expectedInput = GoldenCase.Doubles(edge.GetProperty("input_gradient"));
        for (int n = 0; n < expectedInput.Length; n++)
            Assert.Equal(expectedInput[n], inputGradient[n], 1e-12);
    }

    private static JsonElement Load(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(GoldenCase.Folder, name + ".json")));
        return document.RootElement.Clone();
    }
}
