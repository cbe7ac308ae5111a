using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Whether OffsetL2 has learned the Mahalanobis distance, as the paper claims for a Linear layer in front of it: whether the
/// prototype μ_j is the mean of class j in the space of the layer's inputs, and |α_j| the inverse standard deviation 1/σ_j.
/// </summary>
public sealed record TheoryCheck : IChecked
{
    /// <summary>The OffsetL2 layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images that means and deviations are of.</summary>
    public required Split Split { get; init; }

    /// <summary>The check for each class that has samples, where others have some, too.</summary>
    public required ClassTheory[] Classes { get; init; }

    /// <summary>The classes without a sample.</summary>
    public int[] EmptyClasses { get; init; } = [];

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfOne(
        AnalysisKind.Theory, AnalyzedImages.First, run => run.Theory, (run, theory) => run with { Theory = theory },
        request => Of(request.Subject, request.FirstSplit), isOfAllRuns: true);

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.Valid(Classes);
        Expect.Counts(EmptyClasses, byte.MaxValue);
    }

    /// <summary>
    /// Checks the theory; null where the network has no OffsetL2 layer at its end, or none that reads another layer's outputs.
    /// </summary>
    /// <exception cref="InputException">An activation is not finite.</exception>
    internal static TheoryCheck? Of(AnalysisSubject subject, Split split)
    {
        if (subject.Roles.Prototypes is not (> 0 and int layer))
            return null;
        ClassMoments moments;
        using (IDeviceActivations inputs = subject.Activations(split, layer - 1))
            moments = ClassMoments.Of(subject, inputs);
        int[] all = [.. Enumerable.Range(0, subject.Plan.Classes)];
        bool HasBoth(int c) => moments.Counts[c] > 0 && moments.Counts[c] < moments.Counts.Sum();
        // There is no Gaussian where there are no samples.
        (double[] Means, double[] Variances)?[] GaussiansOf(Func<int, (double[] Means, double[] Variances)> momentsOf) =>
            [.. all.Select(c => HasBoth(c) ? momentsOf(c) : default((double[] Means, double[] Variances)?))];

        using IDeviceActivations distances = subject.Activations(split, layer);
        _ = subject.Checked(distances.Sum(threshold: 0), layer);
        using IDeviceRanks ranks = distances.Rank();
        double[] toClasses, toOthers;
        using (IDeviceRanks gaussian = GaussianDistance.Rank(subject, split, layer, GaussiansOf(moments.OfClass)))
            toClasses = RankCorrelation.Of(ranks, gaussian);
        using (IDeviceRanks gaussian = GaussianDistance.Rank(subject, split, layer, GaussiansOf(moments.OfOthers)))
            toOthers = RankCorrelation.Of(ranks, gaussian);
        return new TheoryCheck
        {
            Layer = AnalyzedLayer.Of(subject.Plan, layer),
            Split = split,
            Classes = [.. all.Where(HasBoth).Select(c => ClassTheory.Of(
                subject, layer, c, moments.OfClass(c), moments.OfOthers(c).Means, toClasses[c], toOthers[c]))],
            EmptyClasses = [.. all.Where(c => moments.Counts[c] == 0)],
        };
    }
}

/// <summary>The check of one class. Correlations are over the inputs of the layer; NaN where one side does not vary.</summary>
public sealed record ClassTheory : IChecked
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

    /// <summary>Mean of the samples of all other classes: [inputs].</summary>
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

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.InRange(Class, 0);
        Expect.Length(Inputs);
        foreach (float[] values in (float[][])[Mu, Weight, Mean, Deviation, OthersMean])
        {
            Expect.Length(values.Length, Inputs, "the length of weight, mean, deviation or othersMean");
            Expect.NoInfinity<float>(values, "mu, weight, mean, deviation or othersMean");
        }
        Expect.InRange(VaryingInputs, 0, Inputs);
    }

    /// <summary>Compares what a layer has learned for a class with the class.</summary>
    internal static ClassTheory Of(
        AnalysisSubject subject, int layer, int c, (double[] Means, double[] Variances) ofClass, double[] ofOthers, double rankCorrelation,
        double othersRankCorrelation)
    {
        int inputs = subject.Plan.Layers[layer].Inputs;
        float[] mu = [.. subject.Tensor(layer, ParameterRole.Mu).Slice(c * inputs, inputs)];
        float[] alpha = [.. subject.Tensor(layer, ParameterRole.Alpha).Slice(c * inputs, inputs)];
        bool isPaperForm = subject.Plan.Layers[layer].Layer is OffsetL2 { Form: OffsetL2Form.Paper };
        float[] weight = [.. alpha.Select(value => isPaperForm ? Math.Abs(value) : MathF.Sqrt(Math.Max(value, 0)))];
        double[] prototype = [.. mu.Select(value => (double)value)];
        int[] varying = [.. Enumerable.Range(0, inputs).Where(i => ofClass.Variances[i] > 0)];
        return new ClassTheory
        {
            Class = c,
            Mu = mu,
            Weight = weight,
            Mean = Rounded(ofClass.Means),
            Deviation = Rounded([.. ofClass.Variances.Select(Math.Sqrt)]),
            OthersMean = Rounded(ofOthers),
            MeanCorrelation = Pearson(prototype, ofClass.Means),
            MeanDistance = RelativeDistance(prototype, ofClass.Means),
            OthersCorrelation = Pearson(prototype, ofOthers),
            OthersDistance = RelativeDistance(prototype, ofOthers),
            WeightCorrelation = Pearson(
                [.. varying.Select(i => (double)weight[i])], [.. varying.Select(i => 1 / Math.Sqrt(ofClass.Variances[i]))]),
            VaryingInputs = varying.Length,
            RankCorrelation = rankCorrelation,
            OthersRankCorrelation = othersRankCorrelation,
        };
    }

    /// <summary>Pearson's correlation; NaN where a side does not vary.</summary>
    private static double Pearson(double[] a, double[] b) => a.Length < 2 ? double.NaN : Correlation.Pearson(a, b);

    private static double RelativeDistance(double[] mu, double[] mean) => Distance.Euclidean(mu, mean) / Distance.Euclidean(mean, new double[mean.Length]);

    private static float[] Rounded(double[] values) => [.. values.Select(value => (float)value)];
}
