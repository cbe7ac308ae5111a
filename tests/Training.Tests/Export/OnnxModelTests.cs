using System.Text;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Export;
using IlgpuDistance.Training.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace IlgpuDistance.Training.Tests.Export;

/// <summary>ONNX Runtime reads what is exported, and computes what PyTorch and the float64 reference do.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> GoldenNames => [.. GoldenModel.Names];

    public static TheoryData<string> PaperNetworks =>
    [
        .. PaperModels.All.SelectMany(model => Enum.GetValues<OffsetL2Form>().Select(
            form => PaperModels.Resolve(model.Name, 10, form).ToString())).Distinct(),
    ];

    /// <summary>Each kind of layer in each form as the first and as the last one.</summary>
    public static TheoryData<string> LayersAtTheEdges =>
    [
        .. LayerKinds.ExamplesOf(10).Where(layer => layer.HasParameters).Select(layer => $"{layer} > abs > {layer}"),
        .. LayerKinds.ExamplesOf(10).Where(layer => !layer.HasParameters).Select(layer => $"{layer} > linear(10) > {layer}"),
    ];

    private InferenceSession Open(NetworkPlan plan, float[] parameters, ModelDescription description)
    {
        OnnxModel.Save(_folder["model.onnx"], plan, parameters, description);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        return new InferenceSession(_folder["model.onnx"], options);
    }

    private static float[] Logits(InferenceSession session, float[] values, int width)
    {
        var input = new DenseTensor<float>(values, [values.Length / width, width]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("input", input)], ["logits"]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static void AssertNear(double[] expected, float[] logits)
    {
        Assert.Equal(expected.Length, logits.Length);
        double largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, Tolerance * largest));
    }

    [Theory]
    [MemberData(nameof(GoldenNames))]
    public void Logits_are_those_of_PyTorch(string name)
    {
        GoldenModel golden = GoldenModel.Read(name);
        using InferenceSession session = Open(golden.Plan, golden.Parameters, GoldenModel.Describe(golden.Plan));
        AssertNear(golden.Logits, Logits(session, golden.Values, golden.Plan.Inputs));
    }

    [Theory]
    [MemberData(nameof(PaperNetworks))]
    [MemberData(nameof(LayersAtTheEdges))]
    public void A_thousand_images_as_bytes_give_the_logits_of_the_reference(string network)
    {
        const int Images = 1_000;
        Dataset digits = BuiltInDigits.Read();
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse(network), digits.Train.PixelsPerImage, digits.Classes);
        PixelScaling scaling = PixelScaling.Of(InputScaling.Standardized, digits.Statistics);
        float[] parameters = TestSamples.RandomParameters(plan);
        Samples all = digits.Train.ToSamples(scaling);
        var samples = new Samples(
            all.Bytes[..(Images * all.Width)], all.Labels[..Images], all.Width, scaling.Scale, scaling.Shift);
        var reference = new ReferenceNetwork(plan, [.. parameters.Select(value => (double)value)]);
        double[] expected = [.. Enumerable.Range(0, Images).SelectMany(image => reference.Forward(samples, image)[^1])];

        using InferenceSession session =
            Open(plan, parameters, GoldenModel.Describe(plan, scaling.Scale, scaling.Shift));
        float[] bytes = [.. samples.Bytes.ToArray().Select(value => (float)value)];
        AssertNear(expected, Logits(session, bytes, all.Width));
        AssertNear(expected[..plan.Classes], Logits(session, bytes[..all.Width], all.Width));
    }

    [Fact]
    public void The_file_says_what_it_holds()
    {
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse("linear(7) > abs > offset-l2(3, form: reference) > neg"), 5, 3);
        ModelDescription description = GoldenModel.Describe(plan, scale: 0.5f, shift: -1);
        using InferenceSession session = Open(plan, Initialisation.Draw(plan, 1), description);
        Assert.Equal(description.ToMetadata(), session.ModelMetadata.CustomMetadataMap);
        Assert.Equal("ilgpu-distance", session.ModelMetadata.ProducerName);
        Assert.Equal(["input"], session.InputMetadata.Keys);
        Assert.Equal([-1, 5], session.InputMetadata["input"].Dimensions);
        Assert.Equal(["logits"], session.OutputMetadata.Keys);
        Assert.Equal([-1, 3], session.OutputMetadata["logits"].Dimensions);

        string text = Encoding.Latin1.GetString(File.ReadAllBytes(_folder["model.onnx"]));
        Assert.All(
            (string[])["0.weight", "0.bias", "0.linear", "1.abs", "2.mu", "2.alpha", "2.offset-l2", "3.neg"],
            name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Parameters_of_another_network_are_refused()
    {
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse("linear(2)"), 5, 2);
        Assert.Throws<ArgumentException>(
            () => OnnxModel.Save(_folder["model.onnx"], plan, new float[3], GoldenModel.Describe(plan)));
        Assert.False(File.Exists(_folder["model.onnx"]));
    }
}
