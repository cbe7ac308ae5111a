using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments.Reports;
using IlgpuDistance.Training.Experiments.Reports.Document;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>The main figure of each analysis, a row for each model.</summary>
public static class SummaryTable
{
    /// <summary>Makes the table; it has the columns for which some model has a figure.</summary>
    public static ReportTable Of(AnalysisRecord record)
    {
        Split split = record.Splits[^1];
        (TableColumn Column, Func<ModelAnalysis, string?> Cell)[] columns =
        [
            (new("runs"), model => Numbers.Count(model.Runs.Count)),
            (new("index"), model => Index(model, split) is { } index ? Numbers.Index(index) : null),
            (new("measures", IsText: true), model => Index(model, split) is { } index ? RepresentationSection.Reading(index.Mean) : null),
            (new("dead hidden, %"), model => Text(model, run => Activity(run, split, isHidden: true)?.DeadPercent)),
            (new("dead output, %"), model => Text(model, run => Activity(run, split, isHidden: false)?.DeadPercent)),
            (new("half from below, %"), model => OfSome(model, split, layer => layer.HalfFromBelow)),
            (new("half from above, %"), model => OfSome(model, split, layer => layer.HalfFromAbove)),
            (new("largest node loss"), model => Text(model, run => Largest(run, split))),
            (new("largest η²"), model => Text(model, run => run.Distributions?.Separations.Max())),
            (new("μ, class mean"), model => Text(model, run => TheorySection.MeanOf(run, c => c.MeanCorrelation))),
            (new("|α|, 1/σ"), model => Text(model, run => TheorySection.MeanOf(run, c => c.WeightCorrelation))),
        ];
        var shown = columns.Where(column => record.Models.Any(model => column.Cell(model) is not null)).ToArray();
        return new ReportTable("analysis",
            $"The main figures, mean ± standard deviation over runs, on the {OverRuns.Images(split)} where they depend on images and are not of what was learned: the " +
            "representation index and what it says; dead nodes of the activation layers; where half of the accuracy is gone as the first hidden layer is clamped; the largest loss of " +
            "accuracy from clamping one of its nodes, in points; the best class separation of a hidden node; the correlations of OffsetL2's prototypes with class means and of its " +
            "weights with inverse standard deviations.",
            [new("model", IsText: true), .. shown.Select(column => column.Column)],
            [.. record.Models.Select(model => (string[])[model.Name, .. shown.Select(column => column.Cell(model) ?? Numbers.None)])]);
    }

    private static Experiments.Statistics.SampleSummary? Index(ModelAnalysis model, Split split) =>
        OverRuns.Summary(model, run => run.Representation.FirstOrDefault(index => index.Split == split)?.Mean);

    private static string? Text(ModelAnalysis model, Func<RunAnalysis, double?> figure) =>
        OverRuns.Summary(model, figure) is { } summary ? Numbers.MeanAndDeviation(summary) : null;

    private static NodeActivity? Activity(RunAnalysis run, Split split, bool isHidden) =>
        run.Activity.FirstOrDefault(layer => layer.Split == split && layer.Layer.IsHidden == isHidden);

    private static string? OfSome(ModelAnalysis model, Split split, Func<LayerPerturbation, double?> half) =>
        model.Runs.Any(run => First(run, split) is not null) ? OverRuns.TextOfSome(model, run => First(run, split) is { } layer ? half(layer) : null) : null;

    private static LayerPerturbation? First(RunAnalysis run, Split split) => run.Perturbations.FirstOrDefault(layer => layer.Split == split);

    private static double? Largest(RunAnalysis run, Split split) =>
        run.NodePerturbations.FirstOrDefault(layer => layer.Split == split) is { } nodes ? Enumerable.Range(0, nodes.Nodes).Max(nodes.Loss) : null;
}
