using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// What a kind of distance would have learned of its classes, if it measured how far they are; in words and figures.
/// </summary>
/// <param name="Model">The distribution that a class is taken for.</param>
/// <param name="Layer">The layer, in words.</param>
/// <param name="Distance">What it would measure.</param>
/// <param name="Center">What a prototype would be.</param>
/// <param name="Spread">What a weight would invert.</param>
/// <param name="SpreadSign">The same as a sign.</param>
/// <param name="Distribution">The distribution, with its article.</param>
/// <param name="Measure">Measures center and spread of the outputs of a layer.</param>
internal sealed record DistanceTheory(
    ClassModel Model, string Layer, string Distance, string Center, string Spread, string SpreadSign, string Distribution,
    Func<AnalysisSubject, Split, int, IClassStatistics> Measure)
{
    private static readonly DistanceTheory[] All =
    [
        new(
            ClassModel.Gaussian, "OffsetL2", "Mahalanobis distance", "mean", "standard deviation", "σ", "a Gaussian",
            (subject, split, layer) =>
            {
                using IDeviceActivations activations = subject.Activations(split, layer);
                return ClassMoments.Of(subject, activations);
            }),
        new(
            ClassModel.Laplace, "OffsetL1", "L1 distance in mean absolute deviations", "median", "mean absolute deviation", "b",
            "a Laplace distribution", ClassMedians.Of),
    ];

    /// <summary>The theory of a distribution.</summary>
    public static DistanceTheory Of(ClassModel model) => All.Single(theory => theory.Model == model);

    /// <summary>The theories that were checked in a record, in words, each once.</summary>
    public static string InWords(AnalysisRecord record, Func<DistanceTheory, string> words) => string.Join(" or ", record.Models
        .SelectMany(model => model.Runs).Select(run => run.Theory?.Model).OfType<ClassModel>().DefaultIfEmpty().Distinct().Order()
        .Select(model => words(Of(model))).Distinct());
}
