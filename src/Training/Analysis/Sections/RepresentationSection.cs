using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Experiments.Reports;
using IlgpuDistance.Training.Experiments.Reports.Document;
using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>Whether outputs measure distance or intensity.</summary>
internal static class RepresentationSection
{
    /// <summary>An index as near to 1 or 0 as this makes an output a measure of intensity or of distance.</summary>
    private const double Clear = 0.1;

    /// <summary>An index as near to 1/2 as this says nothing about the class.</summary>
    private const double Silent = 0.1;

    private const string Nothing = "nothing";

    /// <summary>Writes the section; null where it was not asked for.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        string[][] rows = [.. record.Models.SelectMany(model => model.Runs[0].Representation.Select((index, at) => Row(model, index, at)))];
        if (rows.Length == 0)
            return null;
        Figure? figure = RepresentationFigure.Draw(record, record.Splits[^1]);
        return new ReportSection("analysis-representation", "Distance or intensity",
        [
            new ReportParagraph(
                "The representation index of an output, before any negation, is the probability that a random image of its class has a larger activation than a random image of " +
                "another class: 1 is a perfect intensity node, 0 a perfect distance node, and 0.5 says nothing about the class. Softmax compares the outputs of one image, the index those of " +
                "one output: what an image does to all outputs alike, such as by its brightness, the network need not care about, but the index sees."),
            .. WhyNothing(record) is { } why ? [new ReportParagraph(why)] : Array.Empty<ReportBlock>(),
            .. figure is null ? Array.Empty<ReportBlock>() : [new ReportFigure(figure, $"The representation index of each output on the {OverRuns.Images(record.Splits[^1])}.")],
            new ReportTable("representation",
                "Representation index: mean over outputs (± standard deviation over runs), and the smallest and the largest of an output in any run. It is read as intensity " +
                FormattableString.Invariant($"from {1 - Clear:0.0}, as distance up to {Clear:0.0}, as nothing within {Silent:0.0} of 0.5, and as leaning to one of them between."),
                [
                    new("model", IsText: true), new("layer", IsText: true), new("images", IsText: true), new("mean"), new("smallest"), new("largest"),
                    new("measures", IsText: true), new("the paper says", IsText: true),
                ],
                rows)
            { Keys = 3 },
        ]);
    }

    /// <summary>Why the outputs of a network that ends in OffsetL2 say nothing about the class by this index; null where there is no such network.</summary>
    public static string? WhyNothing(AnalysisRecord record)
    {
        bool MeasuresNothing(ModelAnalysis model) =>
            model.Runs[0].Representation is [.., var last] && last.Layer.Text.StartsWith("offset-l2", StringComparison.Ordinal)
            && Reading(OverRuns.Summary(model, run => run.Representation[^1].Mean)?.Mean) == Nothing;

        string[] models = [.. record.Models.Where(MeasuresNothing).Select(model => model.Name)];
        return models.Length == 0 ? null :
            $"Why {Numbers.List(models)} {(models.Length == 1 ? "reads" : "read")} \"{Nothing}\": the index compares different images, and bold strokes change an image's distances to all " +
            "prototypes alike, which hides the class; the network compares the distances of one image with each other, and there the class shows.";
    }

    /// <summary>What an index says, in words.</summary>
    public static string Reading(double? index) => index switch
    {
        null => Numbers.None,
        >= 1 - Clear => "intensity",
        <= Clear => "distance",
        > 0.5 + Silent => "leans to intensity",
        < 0.5 - Silent => "leans to distance",
        _ => Nothing,
    };

    private static string[] Row(ModelAnalysis model, RepresentationIndex index, int at) =>
    [
        model.Name, index.Layer.Title, OverRuns.Name(index.Split),
        Numbers.Index(OverRuns.Summary(model, run => run.Representation[at].Mean)),
        Numbers.Index(OverRuns.Summary(model, run => run.Representation[at].Smallest)?.Minimum),
        Numbers.Index(OverRuns.Summary(model, run => run.Representation[at].Largest)?.Maximum),
        Reading(OverRuns.Summary(model, run => run.Representation[at].Mean)?.Mean), PublishedAnalyses.RepresentationOf(model.Name) ?? Numbers.None,
    ];
}
