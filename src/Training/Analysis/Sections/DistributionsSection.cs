using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>The classes along one hidden node.</summary>
internal static class DistributionsSection
{
    /// <summary>Writes the section; null where no network has a hidden layer, or none was asked for.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        ModelAnalysis[] models = [.. record.Models.Where(model => model.Runs[0].Distributions is not null)];
        if (models.Length == 0)
            return null;
        return new ReportSection("analysis-distributions", "The classes along one node",
        [
            new ReportParagraph(
                "The pre-activation of a hidden node, what its activation function gets, is a coordinate along which the " +
                    "images lie. Its class " +
                "separation η² is the part of its variance that lies between the classes."),
            new ReportTable("separation",
                "Class separation η² of the pre-activations: over the nodes of the hidden layer the mean and the largest, " +
                    "as mean ± standard deviation over " +
                "runs, and the node of the first run that the figures show.",
                [new("model", IsText: true), new("images", IsText: true), new("mean η²"), new("largest η²"), new("node shown"),
                    new("its η²")],
                [.. models.Select(Row)]),
            .. models.Select(Figure),
        ]);
    }

    private static string[] Row(ModelAnalysis model)
    {
        ClassDistributions first = model.Runs[0].Distributions!;
        return
        [
            model.Name, OverRuns.Name(first.Split), OverRuns.Text(model, run => run.Distributions?.Separations.Average()),
            OverRuns.Text(model, run => run.Distributions?.Separations.Max()), Numbers.Count(first.Node),
            Numbers.Plain(first.Separation),
        ];
    }

    private static ReportBlock Figure(ModelAnalysis model)
    {
        ClassDistributions first = model.Runs[0].Distributions!;
        string caption =
            $"{model.Name}: pre-activation of node {first.Node} of layer {first.Layer.Index} by class, " +
            $"{OverRuns.Images(first.Split)}" +
            (model.Runs[0].Run is { } run ? $", run {run}." : ".");
        return ClassDistributionsFigure.Draw(model, model.Runs[0]) is { } figure
            ? new ReportFigure(figure, caption)
            : new ReportParagraph(caption);
    }
}
