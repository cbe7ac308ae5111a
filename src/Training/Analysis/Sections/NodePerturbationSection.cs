using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Words;
using MathNet.Numerics.Statistics;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>What clamping one node at a time does to the accuracy.</summary>
internal static class NodePerturbationSection
{
    private const int MostNodesNamed = 5;

    /// <summary>Writes the section; null where no node was perturbed.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        string[][] rows =
            [.. record.Models.SelectMany(model => model.Runs[0].NodePerturbations.Select((layer, at) => Row(model, layer, at)))];
        if (rows.Length == 0)
            return null;
        Figure? figure = NodePerturbationFigure.Draw(record, record.Splits[^1]);
        return new ReportSection("analysis-nodes", "Perturbation of single nodes",
        [
            new ReportParagraph(
                "The same with one hidden node clamped at a time, over the same thresholds. The loss of a node is what " +
                    "clamping it costs at the worst of " +
                "them, in points of accuracy: how much the predictions hang on it."),
            .. figure is null ? Array.Empty<ReportBlock>() : [new ReportFigure(figure,
                $"The loss of each node of the hidden layer in all runs, on the {OverRuns.Images(record.Splits[^1])}.")],
            new ReportTable("node-perturbation",
                "The losses of the nodes: over nodes the median, the 90th percentile and the largest (mean ± standard " +
                    "deviation over runs), the largest " +
                "when clamped from below and from above, and the most sensitive nodes of the first run with their losses.",
                [
                    new("model", IsText: true), new("layer", IsText: true), new("images", IsText: true), new("median"),
                    new("90 %"), new("largest"),
                    new("from below"), new("from above"), new("most sensitive", IsText: true, IsLong: true),
                ],
                rows)
            { Keys = 3 },
        ]);
    }

    private static string[] Row(ModelAnalysis model, NodePerturbation layer, int at)
    {
        double[] Losses(RunAnalysis run, Func<NodePerturbation, Func<int, double>> loss) =>
            [.. Enumerable.Range(0, run.NodePerturbations[at].Nodes).Select(loss(run.NodePerturbations[at]))];
        string Text(Func<NodePerturbation, Func<int, double>> loss, Func<double[], double> figure) =>
            OverRuns.Text(model, run => figure(Losses(run, loss)));

        var sensitive = Enumerable.Range(0, layer.Nodes).OrderByDescending(layer.Loss).Take(MostNodesNamed);
        return
        [
            model.Name, layer.Layer.Title, OverRuns.Name(layer.Split),
            Text(nodes => nodes.Loss, losses => losses.Median()), Text(nodes => nodes.Loss, losses => losses.Quantile(0.9)),
            Text(nodes => nodes.Loss, losses => losses.Max()),
            Text(nodes => nodes.LossFromBelow, losses => losses.Max()),
            Text(nodes => nodes.LossFromAbove, losses => losses.Max()),
            string.Join(", ", sensitive.Select(node => $"{node} ({Numbers.Plain(layer.Loss(node))})")),
        ];
    }
}
