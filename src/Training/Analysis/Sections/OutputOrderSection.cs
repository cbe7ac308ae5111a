using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>Where the label's output stands among those of the same image.</summary>
internal static class OutputOrderSection
{
    /// <summary>Writes the section; null where it was not asked for.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        string[][] rows =
            [.. record.Models.SelectMany(model => model.Runs[0].OutputOrders.Select((order, at) => Row(model, order, at)))];
        if (rows.Length == 0)
            return null;
        Figure? figure = OutputOrderFigure.Draw(record, record.Splits[^1]);
        return new ReportSection("analysis-output-order", "Within an image",
        [
            new ReportParagraph(
                "Softmax compares the outputs of one image. Before any negation, a distance network gives the label the " +
                    "smallest of " +
                "them, an intensity network the largest. The mean place is 0 where the label's output is always the " +
                    "smallest, 1 " +
                "where it is always the largest, and 0.5 by chance. Where it is near 0 or 1 and the representation index " +
                    "near 0.5, " +
                "the network knows the class, but what an image does to all outputs alike hides it from whoever looks at " +
                    "one output."),
            .. figure is null
                ? Array.Empty<ReportBlock>()
                : [new ReportFigure(figure,
                    $"Where the label's output stands among those of the same image, {OverRuns.Images(record.Splits[^1])}.")],
            new ReportTable("output-order",
                "Percent of the images whose label has the smallest and the largest of their outputs alone, without an " +
                    "equal one, and the " +
                "mean place from 0 to 1: mean ± standard deviation over runs.",
                [
                    new("model", IsText: true), new("layer", IsText: true), new("images", IsText: true), new("smallest, %"),
                    new("largest, %"), new("mean place"),
                ],
                rows)
            { Keys = 3 },
        ]);
    }

    private static string[] Row(ModelAnalysis model, OutputOrder order, int at) =>
    [
        model.Name, order.Layer.Title, OverRuns.Name(order.Split),
        OverRuns.Text(model, run => 100 * run.OutputOrders[at].SmallestShare),
        OverRuns.Text(model, run => 100 * run.OutputOrders[at].LargestShare),
        Numbers.Index(OverRuns.Summary(model, run => run.OutputOrders[at].Mean)),
    ];
}
