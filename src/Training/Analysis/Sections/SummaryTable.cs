using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>The main figures of each analysis, a row for each model.</summary>
internal static class SummaryTable
{
    /// <summary>Columns beside the models' names of the table for terminals.</summary>
    private const int MostShortColumns = 4;

    /// <summary>
    /// Makes the tables of a report: what the networks measure, what they bear, and what they have learned, so far as some model
    /// has figures.
    /// </summary>
    public static IEnumerable<ReportTable> Of(AnalysisRecord record)
    {
        Split split = record.Splits[^1];
        string images = OverRuns.Images(split);
        string Words(Func<DistanceTheory, string> words) => DistanceTheory.InWords(record, words);
        ReportTable?[] tables =
        [
            Table(record, "analysis",
                $"The representation index on the {images} and what it says, and dead nodes of the activation layers: mean " +
                $"± standard deviation over runs.",
            [
                (new("runs"), model => Numbers.Count(model.Runs.Count)),
                (new("index"), model => Index(model, split) is { } index ? Numbers.Index(index) : null),
                (new("measures", IsText: true), model => Reading(model, split)),
                (new("dead hidden, %"), model => Text(model, run => Activity(run, split, isHidden: true)?.DeadPercent)),
                (new("dead output, %"), model => Text(model, run => Activity(run, split, isHidden: false)?.DeadPercent)),
            ]),
            Table(record, "analysis-perturbation",
                $"Where half of the accuracy on the {images} is gone as the first hidden layer is clamped, in percent of " +
                    $"the range, and the largest loss of accuracy from clamping one of its " +
                "nodes, in points: mean ± standard deviation over runs.",
            [
                (new("half from below, %"), model => OfSome(model, split, layer => layer.HalfFromBelow)),
                (new("half from above, %"), model => OfSome(model, split, layer => layer.HalfFromAbove)),
                (new("largest node loss"), model => Text(model, run => Largest(run, split))),
            ]),
            Table(record, "analysis-learned",
                $"The best class separation of a hidden node, and the correlations of {Words(theory => theory.Layer)}'s " +
                    $"prototypes with class {Words(theory => $"{theory.Center}s")} and of its weights with inverse " +
                    $"{Words(theory => $"{theory.Spread}s")}: mean ± " +
                "standard deviation over runs.",
            [
                (new("largest η²"), model => Text(model, run => run.Distributions?.Separations.Max())),
                (new($"μ, class {Words(theory => theory.Center)}"),
                    model => Text(model, run => TheorySection.MeanOf(run, c => c.MeanCorrelation))),
                (new($"|α|, {Words(theory => $"1/{theory.SpreadSign}")}"),
                    model => Text(model, run => TheorySection.MeanOf(run, c => c.WeightCorrelation))),
            ]),
        ];
        return tables.OfType<ReportTable>();
    }

    /// <summary>
    /// Makes the table for terminals: the first few figures that there are, means without deviations. The caption says how the
    /// index is read.
    /// </summary>
    public static ReportTable ForTerminal(AnalysisRecord record)
    {
        Split split = record.Splits[^1];
        string? Percent(ModelAnalysis model, bool isHidden) =>
            OverRuns.Summary(model, run => Activity(run, split, isHidden)?.DeadPercent) is { } dead
                ? FormattableString.Invariant($"{dead.Mean:0.0} %")
                : null;
        string? Mean(ModelAnalysis model, Func<RunAnalysis, double?> figure) =>
            OverRuns.Summary(model, figure) is { } summary ? Numbers.Plain(summary.Mean) : null;

        string Words(Func<DistanceTheory, string> words) => DistanceTheory.InWords(record, words);

        bool hasIndex = record.Models.Any(model => Index(model, split) is not null);
        return Table(record, "analysis", hasIndex ? "index from 0 (distance) to 1 (intensity)" : "",
        [
            (new("index"), model => Index(model, split) is { } index ? Numbers.Index(index.Mean) : null),
            (new("measures", IsText: true), model => Reading(model, split)),
            (new("dead hidden"), model => Percent(model, isHidden: true)),
            (new("dead outputs"), model => Percent(model, isHidden: false)),
            (new($"μ, {Words(theory => theory.Center)}"),
                model => Mean(model, run => TheorySection.MeanOf(run, c => c.MeanCorrelation))),
            (new($"|α|, {Words(theory => $"1/{theory.SpreadSign}")}"),
                model => Mean(model, run => TheorySection.MeanOf(run, c => c.WeightCorrelation))),
            (new("node loss"), model => Mean(model, run => Largest(run, split))),
            (new("largest η²"), model => Mean(model, run => run.Distributions?.Separations.Max())),
            (new("runs"), model => Numbers.Count(model.Runs.Count)),
        ], MostShortColumns)!;
    }

    /// <summary>A table of the first columns for which some model has a figure; null where no column has one.</summary>
    private static ReportTable? Table(
        AnalysisRecord record, string name, string caption,
        IEnumerable<(TableColumn Column, Func<ModelAnalysis, string?> Cell)> columns, int most = int.MaxValue)
    {
        var shown = columns.Where(column => record.Models.Any(model => column.Cell(model) is not null)).Take(most).ToArray();
        return shown.Length == 0 ? null : new ReportTable(
            name, caption, [new("model", IsText: true), .. shown.Select(column => column.Column)],
            [.. record.Models.Select(model =>
                (string[])[model.Name, .. shown.Select(column => column.Cell(model) ?? Numbers.None)])]);
    }

    private static string? Reading(ModelAnalysis model, Split split) =>
        Index(model, split) is { } index ? RepresentationSection.Reading(index.Mean) : null;

    private static Statistics.SampleSummary? Index(ModelAnalysis model, Split split) =>
        OverRuns.Summary(model, run => run.Representation.FirstOrDefault(index => index.Split == split)?.Mean);

    private static string? Text(ModelAnalysis model, Func<RunAnalysis, double?> figure) =>
        OverRuns.Summary(model, figure) is { } summary ? Numbers.MeanAndDeviation(summary) : null;

    private static NodeActivity? Activity(RunAnalysis run, Split split, bool isHidden) =>
        run.Activity.FirstOrDefault(layer => layer.Split == split && layer.Layer.IsHidden == isHidden);

    private static string? OfSome(ModelAnalysis model, Split split, Func<LayerPerturbation, double?> half) =>
        model.Runs.Any(run => First(run, split) is not null)
            ? OverRuns.TextOfSome(model, run => First(run, split) is { } layer ? half(layer) : null)
            : null;

    private static LayerPerturbation? First(RunAnalysis run, Split split) =>
        run.Perturbations.FirstOrDefault(layer => layer.Split == split);

    private static double? Largest(RunAnalysis run, Split split) =>
        run.NodePerturbations.FirstOrDefault(layer => layer.Split == split) is { } nodes
            ? Enumerable.Range(0, nodes.Nodes).Max(nodes.Loss)
            : null;
}
