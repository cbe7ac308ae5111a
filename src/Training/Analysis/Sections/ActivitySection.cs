using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>Dead and rarely active nodes.</summary>
internal static class ActivitySection
{
    /// <summary>Writes the section; null where no activation layer was analysed.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        string[][] rows =
            [.. record.Models.SelectMany(model => model.Runs[0].Activity.Select((layer, at) => Row(record, model, layer, at)))];
        if (rows.Length == 0)
            return null;
        TableColumn[] columns =
        [
            new("model", IsText: true), new("layer", IsText: true), new("images", IsText: true), new("nodes"), new("dead"),
            .. record.Rare.Select(fraction => new TableColumn($"< {Percent(fraction)}")),
            new("published", IsText: true, IsLong: true),
        ];
        Figure? figure = ActivityFigure.Draw(record, record.Splits[^1]);
        return new ReportSection("analysis-dead-nodes", "Dead and rarely active nodes",
        [
            new ReportTable("dead-nodes",
                "Nodes of each activation layer, in percent: dead are those whose activation is above " +
                FormattableString.Invariant($"{NodeActivity.Threshold:0.######} for no image, ") +
                "and the columns after it count those that are active for fewer images than the given part, the dead ones " +
                "included. Mean ± standard deviation over runs.",
                columns, rows)
            { Keys = 3 },
            .. figure is null ? Array.Empty<ReportBlock>() : [new ReportFigure(figure,
                $"The part of the {OverRuns.Images(record.Splits[^1])} for which a node is active, nodes of all runs sorted " +
                    $"by it.")],
        ]);
    }

    private static string[] Row(AnalysisRecord record, ModelAnalysis model, NodeActivity layer, int at) =>
    [
        model.Name, layer.Layer.Title, OverRuns.Name(layer.Split), Numbers.Count(layer.Nodes),
        OverRuns.Text(model, run => run.Activity[at].DeadPercent),
        .. record.Rare.Select(fraction => OverRuns.Text(model, run => run.Activity[at].RarePercent(fraction))),
        PublishedAnalyses.ActivityOf(model.Name, layer.Layer) ?? Numbers.None,
    ];

    private static string Percent(double fraction) => FormattableString.Invariant($"{100 * fraction:0.##} %");
}
