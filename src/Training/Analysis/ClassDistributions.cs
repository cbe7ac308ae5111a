using System.Text.Json.Serialization;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// How the classes lie along one hidden node: a histogram per class of its pre-activation, what the activation function gets
/// (Figure 1 of Oursland, arXiv:2502.02103), and how well each node of the layer separates the classes.
/// </summary>
public sealed record ClassDistributions
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

    /// <summary>[classes][<see cref="Bins"/>]: images per bin. Where all pre-activations are the same they are in the first bin.</summary>
    public required int[][] Counts { get; init; }

    /// <summary>η² of <see cref="Node"/>.</summary>
    [JsonIgnore]
    public double Separation => Separations[Node];
}
