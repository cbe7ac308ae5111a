using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>What clamping a whole hidden layer does to the accuracy.</summary>
internal static class PerturbationSection
{
    /// <summary>Writes the section; null where no hidden layer was perturbed.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        string[][] rows =
            [.. record.Models.SelectMany(model => model.Runs[0].Perturbations.Select((layer, at) => Row(model, layer, at)))];
        if (rows.Length == 0)
            return null;
        string range = record.Range == PerturbationRange.Layer
            ? "from the smallest to the largest activation of the layer"
            : "from the smallest to the largest activation of all activation layers";
        Figure? figure = PerturbationFigure.Draw(record, record.Splits[^1]);
        return new ReportSection("analysis-perturbation", "Perturbation of the hidden layer",
        [
            new ReportParagraph(
                $"All activations of a hidden layer are clamped, from below or from above, at a threshold that moves " +
                    $"{range} in " +
                $"{LayerPerturbation.Steps} steps. A layer whose information lies in its large values stands clamping from " +
                    $"below, and one " +
                "whose information lies in its small values stands clamping from above."),
            .. figure is null ? Array.Empty<ReportBlock>() : [new ReportFigure(figure,
                $"Accuracy on the {OverRuns.Images(record.Splits[^1])} by the threshold, in percent of its range, mean over " +
                    $"runs" +
                (record.Models.Any(model => model.Runs.Count > 1) ? " with a band of one standard deviation." : "."))],
            new ReportTable("perturbation",
                "Where half of the accuracy is gone, in percent of the range of thresholds, counted from its lower end: as " +
                    "the threshold rises and clamps " +
                "from below, and as it falls and clamps from above. Mean ± standard deviation over runs.",
                [
                    new("model", IsText: true), new("layer", IsText: true), new("images", IsText: true), new("accuracy, %"),
                    new("from below"),
                    new("published"), new("from above"), new("published"),
                ],
                rows)
            { Keys = 3 },
        ]);
    }

    private static string[] Row(ModelAnalysis model, LayerPerturbation layer, int at)
    {
        // What was published is about the paper's networks, which have one hidden layer.
        var published = PublishedAnalyses.HalfOf(model.Name);
        return
        [
            model.Name, layer.Layer.Title, OverRuns.Name(layer.Split),
            OverRuns.Text(model, run => run.Perturbations[at].Accuracy(run.Perturbations[at].Correct)),
            OverRuns.TextOfSome(model, run => run.Perturbations[at].HalfFromBelow),
            published is { } below ? Numbers.Count(below.FromBelow) : Numbers.None,
            OverRuns.TextOfSome(model, run => run.Perturbations[at].HalfFromAbove),
            published is { } above ? Numbers.Count(above.FromAbove) : Numbers.None,
        ];
    }
}
