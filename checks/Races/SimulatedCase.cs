using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Checks.Races;

/// <summary>
/// A network and samples that are run on the simulator: as small as they can be and still cross the edges of tiles.
/// </summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Network">The network.</param>
/// <param name="Inputs">Values per sample.</param>
/// <param name="Rows">Number of samples.</param>
/// <param name="IsBytes">Whether samples are bytes; else floats.</param>
/// <param name="LargestChunk">Samples that go through the network at a time.</param>
/// <param name="Observed">Index of the layer whose outputs are analysed; null where the network is trained and evaluated.</param>
/// <param name="HasAllOptimizers">Whether it is trained by every optimizer; else by plain SGD alone.</param>
internal sealed record SimulatedCase(
    string Name, string Network, int Inputs, int Rows, bool IsBytes, int LargestChunk = 1 << 16, int? Observed = null,
    bool HasAllOptimizers = false)
{
    private const int Seed = 7;

    /// <summary>
    /// Together they launch every kernel. Tiles are 64 × 64 (wide), 128 × 16 (narrow, and prototypes forward and to the
    /// input) and 16 × 64 (parameters of prototypes), and 16 deep; a slice has 256 samples at the least. Each kernel computes
    /// more than one tile in both directions, the last of them in part. Those of analyses have groups of 64 nodes, samples or
    /// clamps.
    /// </summary>
    public static IReadOnlyList<SimulatedCase> All { get; } =
    [
        new("wide-bytes", "linear(65) > abs > linear(17) > relu > linear(3)", Inputs: 65, Rows: 65, IsBytes: true),
        new("wide-floats", "linear(65) > relu > neg > linear(65) > linear(3) > abs", Inputs: 65, Rows: 65, IsBytes: false),
        new("narrow-bytes", "linear(17) > neg > linear(17) > abs > linear(3) > neg", Inputs: 129, Rows: 129, IsBytes: true),
        new("narrow-floats-in-chunks", "abs > linear(17) > relu > linear(3)", Inputs: 129, Rows: 129, IsBytes: false,
            LargestChunk: 64),
        new("slices", "linear(3) > abs > offset-l2(3) > neg > offset-l2(3, form: reference) > point-slope(3)", Inputs: 17,
            Rows: 257, IsBytes: false),
        new("many-slices", "linear(3) > neg", Inputs: 3, Rows: 2049, IsBytes: true, HasAllOptimizers: true),
        new("analysis", "linear(3) > abs > offset-l2(3) > neg", Inputs: 3, Rows: 257, IsBytes: true, LargestChunk: 128,
            Observed: 1),
        new("analysis-wide", "linear(65) > relu > linear(3)", Inputs: 3, Rows: 65, IsBytes: false, Observed: 1),
        new("analysis-reference", "linear(3) > abs > offset-l2(3, form: reference)", Inputs: 3, Rows: 65, IsBytes: false,
            Observed: 1),
        new("analysis-slope", "linear(3) > relu > point-slope(3)", Inputs: 3, Rows: 65, IsBytes: false, Observed: 1),
        new("analysis-l1", "linear(3) > relu > offset-l1(3)", Inputs: 3, Rows: 65, IsBytes: false, Observed: 1),
        .. Prototypes("offset-l2(17)", "paper"),
        .. Prototypes("offset-l2(17, form: reference)", "reference"),
        .. Prototypes("offset-l1(17)", "l1"),
        .. Prototypes("point-slope(17)", "slope"),
    ];

    /// <summary>A prototype layer on samples of either kind, and behind another layer.</summary>
    private static SimulatedCase[] Prototypes(string layer, string name) =>
    [
        new($"{name}-bytes", $"{layer} > neg > linear(3)", Inputs: 65, Rows: 129, IsBytes: true),
        new($"{name}-floats", $"{layer} > relu > {layer} > neg > linear(3)", Inputs: 65, Rows: 129, IsBytes: false),
    ];

    /// <summary>The network, compiled.</summary>
    public NetworkPlan Plan() => NetworkPlan.Compile(Gpu.Networks.Network.Parse(Network), Inputs, classes: 3);

    /// <summary>Random samples; about half of the values are zero.</summary>
    public Samples Samples()
    {
        var random = new Random(Seed);
        byte[] labels = [.. Enumerable.Range(0, Rows).Select(_ => (byte)random.Next(3))];
        byte[] values = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => (byte)(random.Next(2) * random.Next(256)))];
        return IsBytes
            ? new Samples(values, labels, Inputs, scale: 1 / 128f, shift: -0.5f)
            : new Samples(values.Select(value => value / 64f - 1).ToArray(), labels, Inputs);
    }

    /// <summary>Random parameters, positive and negative.</summary>
    public static float[] Parameters(NetworkPlan plan)
    {
        var random = new Random(Seed + 1);
        return [.. plan.Tensors.SelectMany(tensor =>
            Enumerable.Range(0, tensor.Count).Select(_ => tensor.Role == ParameterRole.Alpha
            ? 0.1f + random.NextSingle() / tensor.FanIn
            : (2 * random.NextSingle() - 1) / MathF.Sqrt(tensor.FanIn)))];
    }
}
