using System.Globalization;
using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>Whether outputs measure distance or intensity.</summary>
internal static class RepresentationSection
{
    /// <summary>An index as near to 1 or 0 as this makes an output a measure of intensity or of distance.</summary>
    private const decimal Clear = 0.1m;

    /// <summary>An index as near to 1/2 as this says nothing about the class.</summary>
    private const decimal Silent = 0.1m;

    private const string Nothing = "nothing";

    /// <summary>Writes the section; null where it was not asked for.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        string[][] rows =
            [.. record.Models.SelectMany(model => model.Runs[0].Representation.Select((index, at) => Row(model, index, at)))];
        if (rows.Length == 0)
            return null;
        Figure? figure = RepresentationFigure.Draw(record, record.Splits[^1]);
        return new ReportSection("analysis-representation", "Distance or intensity",
        [
            new ReportParagraph(
                "The representation index of an output, before any negation, is the probability that a random image of its " +
                    "class has a larger activation than a random image of " +
                "another class: 1 is a perfect intensity node, 0 a perfect distance node, and 0.5 says nothing about the " +
                    "class. Softmax compares the outputs of one image, the index those of " +
                "one output: what an image does to all outputs alike, such as by its brightness, the network need not care " +
                    "about, but the index sees."),
            .. WhyNothing(record).Select(why => new ReportParagraph(why)),
            .. figure is null ? Array.Empty<ReportBlock>() : [new ReportFigure(
                figure, $"The representation index of each output on the {OverRuns.Images(record.Splits[^1])}.")],
            new ReportTable("representation",
                "Representation index: mean over outputs (± standard deviation over runs), and the smallest and the largest " +
                    "of an " +
                "output in any run. It is read as intensity " +
                FormattableString.Invariant(
                    $"from {1 - Clear:0.0}, as distance up to {Clear:0.0}, as nothing within {Silent:0.0} ") +
                "of 0.5, and as leaning to one of them between.",
                [
                    new("model", IsText: true), new("layer", IsText: true), new("images", IsText: true), new("mean"),
                    new("smallest"), new("largest"),
                    new("measures", IsText: true), new("the paper says", IsText: true),
                ],
                rows)
            { Keys = 3 },
        ]);
    }

    /// <summary>
    /// Why the last outputs of some networks say nothing about the class by this index: a sentence for each reason.
    /// </summary>
    public static IEnumerable<string> WhyNothing(AnalysisRecord record) => record.Models
        .Where(model => Reading(OverRuns.Summary(model, run => Last(run)?.Mean)?.Mean) == Nothing)
        .GroupBy(Reason, model => model.Name)
        .Select(models => $"Why {Numbers.List(models)} {(models.Count() == 1 ? "reads" : "read")} \"{Nothing}\": {models.Key}.");

    private static RepresentationIndex? Last(RunAnalysis run) => run.Representation is [.., var last] ? last : null;

    private static string Reason(ModelAnalysis model)
    {
        RepresentationIndex[] indices = [.. model.Runs.Select(Last).OfType<RepresentationIndex>()];
        if (indices[0].Layer.Text.StartsWith("offset-l2", StringComparison.Ordinal))
        {
            return "the index compares different images, and bold strokes change an image's distances to all prototypes " +
                "alike, which hides the class; " +
                "the network compares the distances of one image with each other, and there the class shows";
        }
        double[] outputs = [.. indices.SelectMany(index => index.Outputs).Where(double.IsFinite)];
        // Equal activations count half: only an output that hardly tells two images apart has exactly this index.
        int constant = outputs.Count(output => output == 0.5);
        if (2 * constant > outputs.Length)
            return "most of its outputs are the same for all images, as dead ones are";
        return outputs.Any(output => Reading(output) is "distance") && outputs.Any(output => Reading(output) is "intensity")
            ? "some of its outputs measure distance and others intensity, and the mean over them lies between"
            : "an output of it is about as large for images of other classes as for those of its own; if the network knows " +
                "the class, it does so by " +
              "comparing the outputs of one image";
    }

    /// <summary>What an index says, in words, by the digits that tables print of it.</summary>
    public static string Reading(double? index) =>
        index is not { } number || double.IsNaN(number)
            ? Numbers.None
            : decimal.Parse(Numbers.Index(number), CultureInfo.InvariantCulture) switch
            {
                >= 1 - Clear => "intensity",
                <= Clear => "distance",
                > 0.5m + Silent => "leans to intensity",
                < 0.5m - Silent => "leans to distance",
                _ => Nothing,
            };

    private static string[] Row(ModelAnalysis model, RepresentationIndex index, int at) =>
    [
        model.Name, index.Layer.Title, OverRuns.Name(index.Split),
        Numbers.Index(OverRuns.Summary(model, run => run.Representation[at].Mean)),
        Numbers.Index(OverRuns.Summary(model, run => run.Representation[at].Smallest)?.Minimum),
        Numbers.Index(OverRuns.Summary(model, run => run.Representation[at].Largest)?.Maximum),
        Reading(OverRuns.Summary(model, run => run.Representation[at].Mean)?.Mean),
        PublishedAnalyses.RepresentationOf(model.Name) ?? Numbers.None,
    ];
}
