using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Whether outputs measure distance or intensity: for each output, before any negation, the probability that a random sample of
/// its class has a larger activation than a random sample of another class, where equal ones count half; that is the area under
/// the ROC curve. 1 is a perfect intensity node, 0 a perfect distance node, and 0.5 says nothing about the class.
/// </summary>
internal sealed record RepresentationIndex : IChecked
{
    /// <summary>The last layer that is no negation.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images.</summary>
    public required Split Split { get; init; }

    /// <summary>The index of each output; NaN where its class has no sample, or no other class has one.</summary>
    public required double[] Outputs { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfMany(
        AnalysisKind.Representation, AnalyzedImages.Each, run => run.Representation,
        (run, indices) => run with { Representation = indices },
        request => [.. request.Options.Splits.Select(split => Of(request.Subject, split))],
        index => (index.Layer, index.Split, index.Outputs.Length));

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.Length(Outputs.Length);
        foreach (double index in Outputs.Where(index => !double.IsNaN(index)))
            Expect.InRange(index, 0, 1, "a value of outputs");
    }

    /// <summary>
    /// Computes the index from ranks R: AUC = (Σ R − n (n + 1) / 2) / (n m), with the sum over the n samples of the class, and m
    /// samples of others (H. B. Mann and D. R. Whitney, 1947).
    /// </summary>
    /// <exception cref="InputException">An activation is not finite.</exception>
    internal static RepresentationIndex Of(AnalysisSubject subject, Split split)
    {
        int layer = subject.Roles.Representation;
        using IDeviceActivations activations = subject.Activations(split, layer);
        int[] counts = subject.Checked(activations.Sum(threshold: 0), layer).Counts;
        using IDeviceRanks ranks = activations.Rank();
        long[] sums = ranks.SumByClass();
        return new RepresentationIndex
        {
            Layer = AnalyzedLayer.Of(subject.Plan, layer),
            Split = split,
            Outputs = [.. counts.Select((count, c) => Area(sums[c * activations.Width + c], count, activations.Count - count))],
        };
    }

    /// <summary>The area under the curve from the sum of doubled ranks; NaN where one side has no sample.</summary>
    private static double Area(long doubledRankSum, long positive, long negative) =>
        positive == 0 || negative == 0 ? double.NaN : (doubledRankSum - positive * (positive + 1)) / (2.0 * positive * negative);

    /// <summary>The mean over the outputs that have an index.</summary>
    [JsonIgnore]
    public double Mean => Outputs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The smallest index of an output.</summary>
    [JsonIgnore]
    public double Smallest => Outputs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();

    /// <summary>The largest index of an output.</summary>
    [JsonIgnore]
    public double Largest => Outputs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
}
