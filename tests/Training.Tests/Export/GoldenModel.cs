using System.Text.Json;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Export;

/// <summary>A model of the paper with the logits that PyTorch computed of it in float64; see tests/golden.</summary>
internal sealed class GoldenModel
{
    private const int Width = 128;

    private readonly JsonElement _json;

    private GoldenModel(JsonElement json)
    {
        _json = json;
        string text = json.GetProperty("model").GetString()!;
        int classes = Of("classes");
        OffsetL2Form form = json.TryGetProperty("offset_l2_form", out JsonElement name)
            ? Enum.Parse<OffsetL2Form>(name.GetString()!, ignoreCase: true)
            : OffsetL2Form.Paper;
        string layers = PaperModels.Resolve(text, classes, form).ToString()
            .Replace($"linear({Width}", $"linear({Of("hidden")}", StringComparison.Ordinal);
        Plan = NetworkPlan.Compile(Network.Parse(layers), Of("inputs"), classes);
    }

    /// <summary>The names of the files.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.StartsWith("edge-", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The network, with fewer hidden nodes than the paper has.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</summary>
    public float[] Parameters =>
        [.. Plan.Tensors.SelectMany(tensor => Floats(_json.GetProperty("parameters").GetProperty(tensor.Name)))];

    /// <summary>[samples, inputs]</summary>
    public float[] Values => Floats(_json.GetProperty("x"));

    /// <summary>[samples, classes]</summary>
    public double[] Logits => [.. _json.GetProperty("logits").EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>Reads a file.</summary>
    public static GoldenModel Read(string name) =>
        new(JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{name}.json"))).RootElement);

    /// <summary>What a file says of a network of one's own.</summary>
    public static ModelDescription Describe(NetworkPlan plan, float scale = 1, float shift = 0) => new()
    {
        Model = plan.Network.ToString(),
        Inputs = plan.Inputs,
        Classes = plan.Classes,
        DataSet = "test",
        InputScale = "own",
        Scale = scale,
        Shift = shift,
    };

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden", "Models");

    private int Of(string name) => _json.GetProperty(name).GetInt32();

    private static float[] Floats(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetSingle())];
}
