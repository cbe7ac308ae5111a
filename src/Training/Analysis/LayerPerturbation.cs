using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// What becomes of the predictions when all activations of a hidden layer are clamped, from below (a ↦ max(a, t)) or from
/// above (a ↦ min(a, t)), at a threshold t that moves in <see cref="Steps"/> steps from the smallest to the largest activation.
/// (Oursland, arXiv:2502.02103.)
/// </summary>
internal sealed record LayerPerturbation : IChecked
{
    /// <summary>Number of thresholds: 0 %, 1 %, … 100 % of the range.</summary>
    public const int Steps = 101;

    /// <summary>The layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images.</summary>
    public required Split Split { get; init; }

    /// <summary>Number of images.</summary>
    public required int Samples { get; init; }

    /// <summary>Images that the untouched network predicts right.</summary>
    public required int Correct { get; init; }

    /// <summary>The first threshold: the lower end of the range.</summary>
    public required float Lowest { get; init; }

    /// <summary>The last threshold: the upper end of the range.</summary>
    public required float Highest { get; init; }

    /// <summary>Images predicted right with activations clamped from below at each threshold: [<see cref="Steps"/>].</summary>
    public required int[] CorrectFromBelow { get; init; }

    /// <summary>Images predicted right with activations clamped from above at each threshold: [<see cref="Steps"/>].</summary>
    public required int[] CorrectFromAbove { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfMany(
        AnalysisKind.Perturbation, AnalyzedImages.Each, run => run.Perturbations,
        (run, layers) => run with { Perturbations = layers },
        request => request.OfEach(request.Subject.Roles.Hidden, (split, layer) => Of(request, split, layer)),
        perturbation => (perturbation.Layer, perturbation.Split), hasRange: true);

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.InRange(Samples, 1);
        Expect.InRange(Correct, 0, Samples);
        foreach (int[] correct in (int[][])[CorrectFromBelow, CorrectFromAbove])
        {
            Expect.Length(correct.Length, Steps, "the length of correctFromBelow or correctFromAbove");
            Expect.Counts(correct, Samples, "correctFromBelow or correctFromAbove");
        }
        Expect.NoInfinity<float>([Lowest, Highest], "lowest or highest");
    }

    /// <summary>Clamps all nodes of a layer.</summary>
    internal static LayerPerturbation Of(AnalysisRequest request, Split split, int layer)
    {
        using IDeviceActivations activations = request.Subject.Activations(split, layer);
        var (lowest, highest) = RangeOf(request, split, activations);
        int[] correct = activations.CountCorrect(
            [new Clamp(float.NegativeInfinity, float.PositiveInfinity), .. ClampsOf(lowest, highest, Clamp.AllNodes)]);
        return new LayerPerturbation
        {
            Layer = AnalyzedLayer.Of(request.Subject.Plan, layer),
            Split = split,
            Samples = activations.Count,
            Correct = correct[0],
            Lowest = lowest,
            Highest = highest,
            CorrectFromBelow = correct[1..(1 + Steps)],
            CorrectFromAbove = correct[(1 + Steps)..],
        };
    }

    /// <summary>The first and the last threshold for a layer, whose outputs are given.</summary>
    internal static (float Lowest, float Highest) RangeOf(AnalysisRequest request, Split split, IDeviceActivations activations)
    {
        AnalysisSubject subject = request.Subject;
        if (request.Options.Range == PerturbationRange.Reference && subject.Roles.Activations.Count > 0)
        {
            NodeActivity[] all = [.. subject.Roles.Activations.Select(layer => NodeActivity.Of(subject, split, layer))];
            return (all.Min(layer => layer.Smallest), all.Max(layer => layer.Largest));
        }
        ActivationSums sums = subject.Checked(activations.Sum(threshold: 0), activations.Layer.Index);
        return (sums.Smallest.Min(), sums.Largest.Max());
    }

    /// <summary>Clamps at all thresholds, first from below and then from above.</summary>
    internal static IEnumerable<Clamp> ClampsOf(float lowest, float highest, int node)
    {
        float[] thresholds = [.. Enumerable.Range(0, Steps).Select(step => ThresholdAt(lowest, highest, step))];
        return thresholds.Select(threshold => new Clamp(threshold, float.PositiveInfinity, node))
            .Concat(thresholds.Select(threshold => new Clamp(float.NegativeInfinity, threshold, node)));
    }

    /// <summary>
    /// Where half of the accuracy is gone as the threshold rises and clamps from below, in percent of the range; null where that
    /// never happens.
    /// </summary>
    [JsonIgnore]
    public double? HalfFromBelow => Percent(Array.FindIndex(CorrectFromBelow, IsHalf));

    /// <summary>The same as the threshold falls and clamps from above.</summary>
    [JsonIgnore]
    public double? HalfFromAbove => Percent(Array.FindLastIndex(CorrectFromAbove, IsHalf));

    /// <summary>The accuracy in percent of a number of right predictions.</summary>
    public double Accuracy(int correct) => 100.0 * correct / Samples;

    /// <summary>A threshold; the first and the last are the ends of the range, exactly.</summary>
    private static float ThresholdAt(float lowest, float highest, int step) => step == Steps - 1
        ? highest
        : (float)(lowest + ((double)highest - lowest) * step / (Steps - 1));

    private bool IsHalf(int correct) => 2L * correct <= Correct;

    private static double? Percent(int step) => step < 0 ? null : 100.0 * step / (Steps - 1);
}
