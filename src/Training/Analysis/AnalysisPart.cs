using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>The images that an analysis looks at, of those that are given.</summary>
internal enum AnalyzedImages
{
    /// <summary>None: it looks at the parameters.</summary>
    None,

    /// <summary>The first: it asks what was learned.</summary>
    First,

    /// <summary>Each of them.</summary>
    Each,
}

/// <summary>What one network is analysed for.</summary>
/// <param name="Subject">The network.</param>
/// <param name="Options">What is asked for.</param>
/// <param name="WithPrototypes">Whether prototypes are described: images of each run of an experiment would be too many.</param>
/// <param name="Cancellation">Ends it between two steps.</param>
internal sealed record AnalysisRequest(
    AnalysisSubject Subject, AnalysisOptions Options, bool WithPrototypes, CancellationToken Cancellation)
{
    /// <summary>The first of the images.</summary>
    public Split FirstSplit => Options.Splits[0];

    /// <summary>An analysis of some layers on all images, one image set after the other.</summary>
    public T[] OfEach<T>(IReadOnlyList<int> layers, Func<Split, int, T> analyze) =>
        [.. Options.Splits.SelectMany(split => layers.Select(layer => analyze(split, layer)))];
}

/// <summary>A kind of analysis: which images it looks at, how it is made, and its place in a <see cref="RunAnalysis"/>.</summary>
internal sealed class AnalysisPart
{
    private readonly Func<AnalysisRequest, RunAnalysis, RunAnalysis> _analyze;
    private readonly Func<RunAnalysis, RunAnalysis, RunAnalysis> _copy;
    private readonly Func<RunAnalysis, IEnumerable<object>> _form;

    private AnalysisPart(
        AnalysisKind kind, AnalyzedImages images, Func<AnalysisRequest, RunAnalysis, RunAnalysis> analyze,
        Func<RunAnalysis, RunAnalysis, RunAnalysis> copy, Func<RunAnalysis, IEnumerable<object>> form)
    {
        (Kind, Images, _analyze, _copy, _form) = (kind, images, analyze, copy, form);
    }

    /// <summary>The kind.</summary>
    public AnalysisKind Kind { get; }

    /// <summary>The images that it looks at.</summary>
    public AnalyzedImages Images { get; }

    /// <summary>Whether it depends on <see cref="AnalysisOptions.Range"/>.</summary>
    public bool HasRange { get; private init; }

    /// <summary>A part that is a list, e.g. a record for each layer and image set; empty where it was not asked for.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="images">The images that it looks at.</param>
    /// <param name="get">Reads the list.</param>
    /// <param name="with">The analysis with another list.</param>
    /// <param name="analyze">Makes the list.</param>
    /// <param name="form">What tables and figures take for granted at the same place of all runs.</param>
    /// <param name="hasRange">Whether it depends on <see cref="AnalysisOptions.Range"/>.</param>
    public static AnalysisPart OfMany<T>(
        AnalysisKind kind, AnalyzedImages images, Func<RunAnalysis, IReadOnlyList<T>> get,
        Func<RunAnalysis, IReadOnlyList<T>, RunAnalysis> with, Func<AnalysisRequest, IReadOnlyList<T>> analyze,
        Func<T, object> form, bool hasRange = false) =>
        new(kind, images, (request, run) => with(run, analyze(request)), (from, to) => with(to, get(from)),
            run => get(run).Select(form))
        {
            HasRange = hasRange,
        };

    /// <summary>A part that is one record; null where it was not asked for, or does not exist for the network.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="images">The images that it looks at.</param>
    /// <param name="get">Reads the record.</param>
    /// <param name="with">The analysis with another record.</param>
    /// <param name="analyze">Makes the record.</param>
    /// <param name="isOfAllRuns">Whether all runs of a model have it or none.</param>
    public static AnalysisPart OfOne<T>(
        AnalysisKind kind, AnalyzedImages images, Func<RunAnalysis, T?> get, Func<RunAnalysis, T?, RunAnalysis> with,
        Func<AnalysisRequest, T?> analyze, bool isOfAllRuns) where T : class =>
        new(kind, images, (request, run) => with(run, analyze(request)), (from, to) => with(to, get(from)),
            run => isOfAllRuns ? [get(run) is null] : []);

    /// <summary>Adds the part to what is known about a network.</summary>
    public RunAnalysis Analyze(AnalysisRequest request, RunAnalysis run) => _analyze(request, run);

    /// <summary>Takes the part from another analysis.</summary>
    public RunAnalysis Copy(RunAnalysis from, RunAnalysis to) => _copy(from, to);

    /// <summary>What tables and figures take for granted at the same place of all runs.</summary>
    public IEnumerable<object> FormOf(RunAnalysis run) => _form(run);

    /// <summary>The images that it looks at, of those that are given.</summary>
    public IEnumerable<Split> ImagesOf(IReadOnlyList<Split> splits) => Images switch
    {
        AnalyzedImages.None => [],
        AnalyzedImages.First => splits.Take(1),
        _ => splits,
    };
}
