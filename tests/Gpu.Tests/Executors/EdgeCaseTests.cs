using System.Text.Json;
using IlgpuDistance.Cli.Verification;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests.Reference;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>Derivatives at kinks, on prototypes and on points, from PyTorch's files edge-*.json.</summary>
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

            executor.ComputeGradients(samples);
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
        executor.ComputeGradients(first);
        float[] gradients = new float[12];
        executor.GetGradients(gradients);
        Assert.All([0, 1, 2, 6, 7, 8], n => Assert.Equal(0, gradients[n]));

        var reference = new ReferenceNetwork(plan, [.. parameters.Select(value => (double)value)]);
        executor.ComputeGradients(samples);
        executor.GetGradients(gradients);
        Distance.AssertClose(
            "gradients", reference.Run(new Samples(input, (byte[])[0, 1], 3)).Gradients, gradients, 1e-5);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void A_sample_on_a_point_of_PointSlope_is_at_the_kink_behind_it(string executorName)
    {
        JsonElement edge = Load("edge-point-slope");
        float[] input = GoldenCase.Floats(edge.GetProperty("input"));
        float[] parameters = [.. GoldenCase.Floats(edge.GetProperty("weight")), .. GoldenCase.Floats(edge.GetProperty("offset"))];
        var plan = NetworkPlan.Compile(Network.Parse("point-slope(2) > relu"), 3, 2);
        using IExecutor executor = devices.Create(executorName, plan);
        executor.SetParameters(parameters);
        using IDeviceSamples samples = executor.Upload(new Samples(input, (byte[])[0, 1], 3));
        float[] output = new float[4];
        executor.ReadActivations(samples, 0, output);
        Assert.Equal(GoldenCase.Floats(edge.GetProperty("output")), output);

        // The first sample alone: at output 0 it is exactly at the kink, whose derivative is 0.
        using IDeviceSamples first = executor.Upload(new Samples(input.AsMemory(0, 3), (byte[])[0], 3));
        executor.ComputeGradients(first);
        float[] gradients = new float[12];
        executor.GetGradients(gradients);
        Assert.All([0, 1, 2, 6, 7, 8], n => Assert.Equal(0, gradients[n]));
        Assert.All([3, 4, 5, 9, 10, 11], n => Assert.NotEqual(0, gradients[n]));
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Differences_and_weights_of_OffsetL1_that_are_0_have_no_gradient(string executorName)
    {
        JsonElement edge = Load("edge-offset-l1");
        float[] input = GoldenCase.Floats(edge.GetProperty("input"));
        float[] parameters = [.. GoldenCase.Floats(edge.GetProperty("mu")), .. GoldenCase.Floats(edge.GetProperty("alpha"))];
        var plan = NetworkPlan.Compile(Network.Parse("offset-l1(2)"), 3, 2);
        using IExecutor executor = devices.Create(executorName, plan);
        executor.SetParameters(parameters);
        using IDeviceSamples samples = executor.Upload(new Samples(input, (byte[])[0, 1], 3));
        float[] output = new float[4], gradients = new float[12];
        executor.ReadActivations(samples, 0, output);
        Assert.Equal(GoldenCase.Floats(edge.GetProperty("output")), output);

        // The first sample alone lies on prototype 0; the second weight of prototype 1 is 0.
        using IDeviceSamples first = executor.Upload(new Samples(input.AsMemory(0, 3), (byte[])[0], 3));
        executor.ComputeGradients(first);
        executor.GetGradients(gradients);
        Assert.All([0, 1, 2, 4, 6, 7, 8, 10], n => Assert.Equal(0, gradients[n]));
        Assert.All([3, 5, 9, 11], n => Assert.NotEqual(0, gradients[n]));
    }

    [Fact]
    public void The_float64_reference_has_PyTorch_s_gradients_on_a_prototype_of_OffsetL1() =>
        CheckReference("edge-offset-l1", "offset-l1(2)", "mu", "alpha");

    [Fact]
    public void The_float64_reference_has_PyTorch_s_gradients_on_a_point_of_PointSlope() =>
        CheckReference("edge-point-slope", "point-slope(2)", "weight", "offset");

    [Theory]
    [InlineData("paper")]
    [InlineData("reference")]
    public void The_float64_reference_has_PyTorch_s_gradients_on_a_prototype(string form) =>
        CheckReference($"edge-offset-l2.{form}", $"offset-l2(2, form: {form})", "mu", "alpha");

    /// <summary>One layer with two parameters on two samples of three values.</summary>
    private static void CheckReference(string file, string network, params string[] names)
    {
        JsonElement edge = Load(file);
        double[] Values(string name) => GoldenCase.Doubles(edge.GetProperty(name));
        var plan = NetworkPlan.Compile(Network.Parse(network), 3, 2);
        double[] parameters = [.. names.SelectMany(Values)], outputGradient = Values("output_gradient"), input = Values("input");
        var layer = ReferenceLayer.For(plan.Layers[0], parameters);
        double[] gradients = new double[plan.ParameterCount];
        var (outputs, inputGradient) = (new List<double>(), new List<double>());
        for (int s = 0; s < 2; s++)
        {
            double[] x = input[(3 * s)..(3 * s + 3)];
            double[] y = layer.Forward(x);
            outputs.AddRange(y);
            inputGradient.AddRange(layer.Backward(x, y, outputGradient[(2 * s)..(2 * s + 2)], gradients));
        }
        AssertEqual(Values("output"), outputs);
        AssertEqual([.. names.SelectMany(name => Values($"{name}_gradient"))], gradients);
        AssertEqual(Values("input_gradient"), inputGradient);
    }

    private static void AssertEqual(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int n = 0; n < expected.Length; n++)
            Assert.Equal(expected[n], actual[n], 1e-12);
    }

    private static JsonElement Load(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(GoldenFiles.Folder, name + ".json")));
        return document.RootElement.Clone();
    }
}
