using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// The same as <see cref="LayerPerturbation"/> with one node of the layer clamped at a time, over the same thresholds: how much
/// the predictions hang on each node.
/// </summary>
internal sealed record NodePerturbation : IChecked
{
    /// <summary>The layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images.</summary>
    public required Split Split { get; init; }

    /// <summary>Number of images.</summary>
    public required int Samples { get; init; }

    /// <summary>Images that the untouched network predicts right.</summary>
    public required int Correct { get; init; }

    /// <summary>The first threshold.</summary>
    public required float Lowest { get; init; }

    /// <summary>The last threshold.</summary>
    public required float Highest { get; init; }

    /// <summary>For each node the fewest right predictions at any threshold when it is clamped from below: [nodes].</summary>
    public required int[] FewestFromBelow { get; init; }

    /// <summary>For each node the fewest right predictions at any threshold when it is clamped from above: [nodes].</summary>
    public required int[] FewestFromAbove { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfMany(
        AnalysisKind.NodePerturbation, AnalyzedImages.Each, run => run.NodePerturbations,
        (run, nodes) => run with { NodePerturbations = nodes },
        request => request.OfEach(request.Subject.Roles.Hidden, (split, layer) => Of(request, split, layer)),
        perturbation => (perturbation.Layer, perturbation.Split, perturbation.Nodes), hasRange: true);

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.InRange(Samples, 1);
        Expect.InRange(Correct, 0, Samples);
        Expect.Length(FewestFromBelow.Length);
        Expect.Length(FewestFromAbove.Length, FewestFromBelow.Length);
        Expect.Counts(FewestFromBelow, Samples);
        Expect.Counts(FewestFromAbove, Samples);
        Expect.NoInfinity<float>([Lowest, Highest], "lowest or highest");
    }

    /// <summary>Clamps one node of a layer after the other, as <see cref="LayerPerturbation.Of"/> clamps all.</summary>
    internal static NodePerturbation Of(AnalysisRequest request, Split split, int layer)
    {
        using IDeviceActivations activations = request.Subject.Activations(split, layer);
        var (lowest, highest) = LayerPerturbation.RangeOf(request, split, activations);
        const int Steps = LayerPerturbation.Steps;
        Clamp[] clamps =
        [
            new(float.NegativeInfinity, float.PositiveInfinity),
            .. Enumerable.Range(0, activations.Width).SelectMany(node => LayerPerturbation.ClampsOf(lowest, highest, node)),
        ];
        int[] correct = activations.CountCorrect(clamps);
        int[] Fewest(int direction) =>
            [.. Enumerable.Range(0, activations.Width)
                .Select(node => correct.Skip(1 + (2 * node + direction) * Steps).Take(Steps).Min())];
        return new NodePerturbation
        {
            Layer = AnalyzedLayer.Of(request.Subject.Plan, layer),
            Split = split,
            Samples = activations.Count,
            Correct = correct[0],
            Lowest = lowest,
            Highest = highest,
            FewestFromBelow = Fewest(0),
            FewestFromAbove = Fewest(1),
        };
    }

    /// <summary>Number of nodes.</summary>
    [JsonIgnore]
    public int Nodes => FewestFromBelow.Length;

    /// <summary>The accuracy that clamping a node from below costs at the worst threshold, in points.</summary>
    public double LossFromBelow(int node) => 100.0 * (Correct - FewestFromBelow[node]) / Samples;

    /// <summary>The accuracy that clamping a node from above costs at the worst threshold, in points.</summary>
    public double LossFromAbove(int node) => 100.0 * (Correct - FewestFromAbove[node]) / Samples;

    /// <summary>The larger of the two.</summary>
    public double Loss(int node) => Math.Max(LossFromBelow(node), LossFromAbove(node));
}
