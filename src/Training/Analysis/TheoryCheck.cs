using System.Text.Json.Serialization;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Whether OffsetL2 has learned the Mahalanobis distance, as the paper claims for a Linear layer in front of it: whether the
/// prototype μ_j is the mean of class j in the space of the layer's inputs, and |α_j| the inverse standard deviation 1/σ_j.
/// </summary>
public sealed record TheoryCheck
{
    /// <summary>The OffsetL2 layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images that means and deviations are of.</summary>
    public required Split Split { get; init; }

    /// <summary>The check for each class that has samples.</summary>
    public required ClassTheory[] Classes { get; init; }
}

/// <summary>The check of one class. Correlations are over the inputs of the layer; NaN where one side does not vary.</summary>
public sealed record ClassTheory
{
    /// <summary>The class.</summary>
    public required int Class { get; init; }

    /// <summary>The prototype μ: [inputs].</summary>
    public required float[] Mu { get; init; }

    /// <summary>
    /// The factor of each coordinate's difference in the distance, which theory says is 1/σ: |α| in the paper's form, √max(α, 0) in
    /// the reference form: [inputs].
    /// </summary>
    public required float[] Weight { get; init; }

    /// <summary>Mean m of the class's samples: [inputs].</summary>
    public required float[] Mean { get; init; }

    /// <summary>Standard deviation σ of the class's samples, with n in the denominator: [inputs].</summary>
    public required float[] Deviation { get; init; }

    /// <summary>Mean of the samples of all other classes: [inputs]; empty where there are none.</summary>
    public required float[] OthersMean { get; init; }

    /// <summary>Pearson's correlation of μ with the class's mean.</summary>
    public required double MeanCorrelation { get; init; }

    /// <summary>‖μ − m‖ / ‖m‖ for the class's mean m.</summary>
    public required double MeanDistance { get; init; }

    /// <summary>Pearson's correlation of μ with the mean of the others.</summary>
    public required double OthersCorrelation { get; init; }

    /// <summary>‖μ − m‖ / ‖m‖ for the mean m of the others.</summary>
    public required double OthersDistance { get; init; }

    /// <summary>Pearson's correlation of the weights with 1/σ, over the inputs that vary within the class.</summary>
    public required double WeightCorrelation { get; init; }

    /// <summary>Inputs that vary within the class: σ &gt; 0.</summary>
    public required int VaryingInputs { get; init; }

    /// <summary>
    /// Spearman's correlation, over all samples, of OffsetL2's distances with those of a Gaussian fitted to the class:
    /// sqrt(Σ_i ((x_i − m_i) / σ_i)²) over the inputs that vary.
    /// </summary>
    public required double RankCorrelation { get; init; }

    /// <summary>The same with the Gaussian fitted to all other classes.</summary>
    public required double OthersRankCorrelation { get; init; }

    /// <summary>Number of inputs of the layer.</summary>
    [JsonIgnore]
    public int Inputs => Mu.Length;
}
