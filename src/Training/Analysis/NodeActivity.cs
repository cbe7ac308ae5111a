using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Dead and rarely active nodes of one activation layer. A node is active for a sample when |activation| is above
/// <see cref="Threshold"/>; it is dead when that is so for no sample, and rarely active when it is for less than a given
/// fraction of them, so that dead nodes are rarely active, too. (Oursland, arXiv:2502.02103.)
/// </summary>
internal sealed record NodeActivity : IChecked
{
    /// <summary>|activation| above which a node is active.</summary>
    public const float Threshold = 1e-6f;

    /// <summary>The layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images.</summary>
    public required Split Split { get; init; }

    /// <summary>Number of images.</summary>
    public required int Samples { get; init; }

    /// <summary>For each node the number of images for which it is active.</summary>
    public required int[] ActiveSamples { get; init; }

    /// <summary>The smallest activation of all nodes.</summary>
    public required float Smallest { get; init; }

    /// <summary>The largest activation of all nodes.</summary>
    public required float Largest { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfMany(
        AnalysisKind.DeadNodes, AnalyzedImages.Each, run => run.Activity, (run, activity) => run with { Activity = activity },
        request => request.OfEach(request.Subject.Roles.Activations, (split, layer) => Of(request.Subject, split, layer)),
        activity => (activity.Layer, activity.Split, activity.Nodes));

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.InRange(Samples, 1);
        Expect.Length(ActiveSamples.Length);
        Expect.Counts(ActiveSamples, Samples);
        Expect.NoInfinity<float>([Smallest, Largest], "smallest or largest");
    }

    /// <summary>Counts the active samples of an activation layer's nodes.</summary>
    /// <exception cref="InputException">An activation is not finite.</exception>
    internal static NodeActivity Of(AnalysisSubject subject, Split split, int layer)
    {
        using IDeviceActivations activations = subject.Activations(split, layer);
        ActivationSums sums = subject.Checked(activations.Sum(Threshold), layer);
        int width = activations.Width;
        return new NodeActivity
        {
            Layer = AnalyzedLayer.Of(subject.Plan, layer),
            Split = split,
            Samples = activations.Count,
            ActiveSamples = [.. Enumerable.Range(0, width)
                .Select(node => Enumerable.Range(0, sums.Counts.Length).Sum(c => sums.Active[c * width + node]))],
            Smallest = sums.Smallest.Min(),
            Largest = sums.Largest.Max(),
        };
    }

    /// <summary>Number of nodes.</summary>
    [JsonIgnore]
    public int Nodes => ActiveSamples.Length;

    /// <summary>Nodes that are never active, in percent.</summary>
    [JsonIgnore]
    public double DeadPercent => 100.0 * ActiveSamples.Count(active => active == 0) / Nodes;

    /// <summary>Nodes that are active for less than a fraction of the samples, in percent.</summary>
    /// <param name="fraction">The fraction, e.g. 0.01.</param>
    public double RarePercent(double fraction) => 100.0 * ActiveSamples.Count(active => active < fraction * Samples) / Nodes;
}
