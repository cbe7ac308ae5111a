using System.Text.Json;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Cli.Verification;

/// <summary>
/// What PyTorch (float64 autograd) computed for one model: samples, parameters, logits, loss, gradients, and 25 steps of gradient
/// descent over all samples. tests/golden makes the files.
/// </summary>
internal sealed class GoldenCase
{
    private readonly JsonElement _json;

    private GoldenCase(JsonElement json)
    {
        _json = json;
        Plan = NetworkPlan.Compile(Network(), _json.GetProperty("inputs").GetInt32(), _json.GetProperty("classes").GetInt32());
    }

    /// <summary>Reads a file.</summary>
    public static GoldenCase Read(Stream file)
    {
        using var document = JsonDocument.Parse(file);
        return new GoldenCase(document.RootElement.Clone());
    }

    public NetworkPlan Plan { get; }

    public Samples Samples => new(
        Floats(_json.GetProperty("x")), _json.GetProperty("labels").EnumerateArray().Select(label => label.GetByte()).ToArray(),
        Plan.Inputs);

    public float[] Parameters => Tensors(_json.GetProperty("parameters"));

    public double[] Logits => Doubles(_json.GetProperty("logits"));

    public double Loss => _json.GetProperty("loss").GetDouble();

    public Dictionary<string, double[]> Gradients => Named(_json.GetProperty("gradients"));

    public float LearningRate => _json.GetProperty("sgd").GetProperty("learning_rate").GetSingle();

    public double[] Losses => Doubles(_json.GetProperty("sgd").GetProperty("losses"));

    public double FinalLoss => _json.GetProperty("sgd").GetProperty("final_loss").GetDouble();

    public Dictionary<string, double[]> FinalParameters => Named(_json.GetProperty("sgd").GetProperty("parameters"));

    // The models of the paper, written out: their hidden layers are smaller here.
    private Network Network()
    {
        string model = _json.GetProperty("model").GetString()!;
        int hidden = _json.GetProperty("hidden").GetInt32();
        bool isNegated = model.Contains("-Neg", StringComparison.Ordinal);
        var layers = new List<Layer> { new Linear(hidden) };
        if (!model.StartsWith("L2", StringComparison.Ordinal))
            layers.Add(Activation());
        if (model.Contains("L2", StringComparison.Ordinal))
        {
            bool isPaper = _json.GetProperty("offset_l2_form").GetString() == "paper";
            layers.Add(new OffsetL2(10, isPaper ? OffsetL2Form.Paper : OffsetL2Form.Reference));
        }
        else if (model.Contains("L1", StringComparison.Ordinal))
        {
            layers.Add(new OffsetL1(10));
        }
        else if (model.Contains("PointSlope", StringComparison.Ordinal))
        {
            layers.AddRange(new PointSlope(10), Activation());
        }
        else
        {
            layers.Add(new Linear(10, Bias: model.Contains("-Bias", StringComparison.Ordinal)));
            if (model.Contains('2', StringComparison.Ordinal))
                layers.Add(Activation());
        }
        if (isNegated)
            layers.Add(new Neg());
        return new Network(layers);

        Layer Activation() => model.StartsWith("Abs", StringComparison.Ordinal) ? new Abs() : new ReLU();
    }

    private float[] Tensors(JsonElement named) =>
        [.. Plan.Tensors.SelectMany(tensor => Floats(named.GetProperty(tensor.Name)))];

    public static Dictionary<string, double[]> Named(JsonElement named) =>
        named.EnumerateObject().ToDictionary(property => property.Name, property => Doubles(property.Value));

    public static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    public static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];
}
