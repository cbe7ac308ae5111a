using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>The distributions of the parameters.</summary>
internal static class WeightsSection
{
    /// <summary>Writes the section; null where it was not asked for.</summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        string[][] rows =
            [.. record.Models.SelectMany(model => model.Runs[0].Weights.Select((tensor, at) => Row(model, tensor, at)))];
        if (rows.Length == 0)
            return null;
        Figure? figure = WeightsFigure.Draw(record);
        return new ReportSection("analysis-weights", "Weights",
        [
            .. figure is null ? Array.Empty<ReportBlock>() : [new ReportFigure(
                figure, "The distribution of the values of each parameter tensor, all runs of a model together.")],
            new ReportTable(
                "weights", "The values of each parameter tensor: mean over runs ± standard deviation over runs of each figure.",
                [new("model", IsText: true), new("tensor", IsText: true), new("values"), new("mean"), new("sd"), new("smallest"),
                    new("largest")],
                rows),
        ]);
    }

    private static string[] Row(ModelAnalysis model, WeightDistribution tensor, int at)
    {
        string Text(Func<WeightDistribution, double> figure) =>
            Numbers.Small(OverRuns.Summary(model, run => figure(run.Weights[at])));
        return
        [
            model.Name, tensor.Tensor, Numbers.Count(tensor.Count), Text(values => values.Mean),
            Text(values => values.StandardDeviation),
            Text(values => values.Smallest), Text(values => values.Largest),
        ];
    }
}
