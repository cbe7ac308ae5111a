using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// How the classes lie along one hidden node: a histogram per class of its pre-activation, what the activation function gets
/// (Figure 1 of Oursland, arXiv:2502.02103), and how well each node of the layer separates the classes.
/// </summary>
internal sealed record ClassDistributions : IChecked
{
    /// <summary>Bins of each histogram.</summary>
    public const int Bins = 80;

    /// <summary>The layer whose outputs are the pre-activations.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images.</summary>
    public required Split Split { get; init; }

    /// <summary>The node that the histograms show.</summary>
    public required int Node { get; init; }

    /// <summary>
    /// For each node η², the share of the variance of its pre-activation that lies between the classes: 0 where all classes
    /// have the same mean, 1 where each class has one value. 0 also for a node that never changes.
    /// </summary>
    public required double[] Separations { get; init; }

    /// <summary>Lower edge of the first bin: the smallest pre-activation of the node.</summary>
    public required float Lowest { get; init; }

    /// <summary>Upper edge of the last bin: the largest pre-activation of the node.</summary>
    public required float Highest { get; init; }

    /// <summary>
    /// [classes][<see cref="Bins"/>]: images per bin. Where all pre-activations are the same they are in the first bin.
    /// </summary>
    public required int[][] Counts { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfOne(
        AnalysisKind.Distributions, AnalyzedImages.First, run => run.Distributions,
        (run, distributions) => run with { Distributions = distributions },
        request => Of(request.Subject, request.FirstSplit, request.Options.Node), isOfAllRuns: true);

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.InRange(Node, 0, Separations.Length - 1);
        Expect.NoInfinity<double>(Separations);
        Expect.NoInfinity<float>([Lowest, Highest], "lowest or highest");
        Expect.That(!(Lowest > Highest), $"lowest is {Lowest} and highest {Highest}");
        Expect.Length(Counts.Length);
        foreach (int[] bins in Counts)
        {
            Expect.Length(bins.Length, Bins, "the length of an element of counts");
            Expect.Counts(bins, int.MaxValue, "counts");
        }
        Expect.InRange(Counts.Sum(bins => bins.Sum(count => (long)count)), 0, name: "the sum of counts");
    }

    /// <summary>Measures the classes along a node; null where the network has no hidden layer.</summary>
    /// <param name="subject">The network.</param>
    /// <param name="split">The images.</param>
    /// <param name="node">The node; null for the one that separates the classes best.</param>
    /// <exception cref="InputException">The node does not exist, or an activation is not finite.</exception>
    internal static ClassDistributions? Of(AnalysisSubject subject, Split split, int? node)
    {
        if (subject.Roles.PreActivation is not { } layer)
            return null;
        using IDeviceActivations activations = subject.Activations(split, layer);
        int width = activations.Width;
        if (node < 0 || node >= width)
            throw new InputException($"{Settings.Node} {node}: the hidden layer has {width} nodes; expected 0 to {width - 1}");
        ActivationSums sums = subject.Checked(activations.Sum(threshold: 0), layer);
        double[] separations = ClassMoments.Of(subject, activations).Separations();
        int shown = node ?? Array.IndexOf(separations, separations.Max());
        var ofNode = Enumerable.Range(0, sums.Counts.Length).Select(c => c * width + shown);
        float lowest = ofNode.Min(at => sums.Smallest[at]), highest = ofNode.Max(at => sums.Largest[at]);
        return new ClassDistributions
        {
            Layer = AnalyzedLayer.Of(subject.Plan, layer),
            Split = split,
            Node = shown,
            Separations = separations,
            Lowest = lowest,
            Highest = highest,
            Counts = lowest < highest
                ? [.. activations.Histogram(shown, lowest, highest, Bins).Chunk(Bins)]
                : [.. sums.Counts.Select(count => (int[])[count, .. new int[Bins - 1]])],
        };
    }

    /// <summary>η² of <see cref="Node"/>.</summary>
    [JsonIgnore]
    public double Separation => Separations[Node];
}
