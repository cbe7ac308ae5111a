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
/// Whether a layer of distances has learned the distance from its classes. For OffsetL2 that is the Mahalanobis distance, as the
/// paper claims for a Linear layer in front of it: whether the prototype μ_j is the mean of class j in the space of the layer's
/// inputs, and |α_j| the inverse standard deviation 1/σ_j. Other distances have another center and spread (<see cref="Model"/>).
/// </summary>
internal sealed record TheoryCheck : IChecked
{
    /// <summary>The layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The distribution that a class is taken for, whose center and spread mean and deviation are below.</summary>
    public ClassModel Model { get; init; }

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
    /// Checks the theory; null where the network has no layer of distances at its end that reads another layer's outputs.
    /// </summary>
    /// <exception cref="InputException">An activation is not finite.</exception>
    internal static TheoryCheck? Of(AnalysisSubject subject, Split split)
    {
        if (subject.Roles.Prototypes is not (> 0 and int layer))
            return null;
        var theory = DistanceTheory.Of(((DistanceLayer)subject.Plan.Layers[layer].Layer).Model);
        IClassStatistics classes = theory.Measure(subject, split, layer - 1);
        int[] all = [.. Enumerable.Range(0, subject.Plan.Classes)];
        bool HasBoth(int c) => classes.Counts[c] > 0 && classes.Counts[c] < classes.Counts.Sum();
        // There is no distribution where there are no samples.
        (double[] Centers, double[] Spreads)?[] ModelsOf(Func<int, (double[] Centers, double[] Spreads)> statisticsOf) =>
            [.. all.Select(c => HasBoth(c) ? statisticsOf(c) : default((double[] Centers, double[] Spreads)?))];

        using IDeviceActivations distances = subject.Activations(split, layer);
        _ = subject.Checked(distances.Sum(threshold: 0), layer);
        using IDeviceRanks ranks = distances.Rank();
        double[] toClasses, toOthers;
        using (IDeviceRanks fitted = ModelDistance.Rank(subject, split, layer, ModelsOf(classes.OfClass)))
            toClasses = RankCorrelation.Of(ranks, fitted);
        using (IDeviceRanks fitted = ModelDistance.Rank(subject, split, layer, ModelsOf(classes.OfOthers)))
            toOthers = RankCorrelation.Of(ranks, fitted);
        return new TheoryCheck
        {
            Layer = AnalyzedLayer.Of(subject.Plan, layer),
            Model = theory.Model,
            Split = split,
            Classes = [.. all.Where(HasBoth).Select(c => ClassTheory.Of(
                subject, layer, c, classes.OfClass(c), classes.OfOthers(c).Centers, toClasses[c], toOthers[c]))],
            EmptyClasses = [.. all.Where(c => classes.Counts[c] == 0)],
        };
    }
}

/// <summary>The check of one class. Correlations are over the inputs of the layer; NaN where one side does not vary.</summary>
internal sealed record ClassTheory : IChecked
{
    /// <summary>The class.</summary>
    public required int Class { get; init; }

    /// <summary>The prototype μ: [inputs].</summary>
    public required float[] Mu { get; init; }

    /// <summary>
    /// The factor of each coordinate's difference in the distance, which theory says is 1/σ: [inputs]; for OffsetL2 |α| in the
    /// paper's form, √max(α, 0) in the reference form.
    /// </summary>
    public required float[] Weight { get; init; }

    /// <summary>Center m of the class's samples, such as their mean: [inputs].</summary>
    public required float[] Mean { get; init; }

    /// <summary>Spread σ of the class's samples, such as their standard deviation, with n in the denominator: [inputs].</summary>
    public required float[] Deviation { get; init; }

    /// <summary>Center of the samples of all other classes: [inputs].</summary>
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
    /// Spearman's correlation, over all samples, of the layer's distances with those from the distribution fitted to the class,
    /// such as sqrt(Σ_i ((x_i − m_i) / σ_i)²), over the inputs that vary.
    /// </summary>
    public required double RankCorrelation { get; init; }

    /// <summary>The same with that fitted to all other classes.</summary>
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
        AnalysisSubject subject, int layer, int c, (double[] Centers, double[] Spreads) ofClass, double[] ofOthers,
        double rankCorrelation,
        double othersRankCorrelation)
    {
        int inputs = subject.Plan.Layers[layer].Inputs;
        float[] mu = [.. subject.Tensor(layer, ParameterRole.Mu).Slice(c * inputs, inputs)];
        float[] alpha = [.. subject.Tensor(layer, ParameterRole.Alpha).Slice(c * inputs, inputs)];
        float[] weight = [.. alpha.Select(((DistanceLayer)subject.Plan.Layers[layer].Layer).ScaleOf)];
        double[] prototype = [.. mu.Select(value => (double)value)];
        int[] varying = [.. Enumerable.Range(0, inputs).Where(i => ofClass.Spreads[i] > 0)];
        return new ClassTheory
        {
            Class = c,
            Mu = mu,
            Weight = weight,
            Mean = Rounded(ofClass.Centers),
            Deviation = Rounded(ofClass.Spreads),
            OthersMean = Rounded(ofOthers),
            MeanCorrelation = Pearson(prototype, ofClass.Centers),
            MeanDistance = RelativeDistance(prototype, ofClass.Centers),
            OthersCorrelation = Pearson(prototype, ofOthers),
            OthersDistance = RelativeDistance(prototype, ofOthers),
            WeightCorrelation = Pearson(
                [.. varying.Select(i => (double)weight[i])], [.. varying.Select(i => 1 / ofClass.Spreads[i])]),
            VaryingInputs = varying.Length,
            RankCorrelation = rankCorrelation,
            OthersRankCorrelation = othersRankCorrelation,
        };
    }

    /// <summary>Pearson's correlation; NaN where a side does not vary.</summary>
    private static double Pearson(double[] a, double[] b) => a.Length < 2 ? double.NaN : Correlation.Pearson(a, b);

    private static double RelativeDistance(double[] mu, double[] mean) =>
        Distance.Euclidean(mu, mean) / Distance.Euclidean(mean, new double[mean.Length]);

    private static float[] Rounded(double[] values) => [.. values.Select(value => (float)value)];
}
