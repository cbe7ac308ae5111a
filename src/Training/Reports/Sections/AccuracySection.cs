using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Figures;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Reports.Sweeps;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>The final accuracies of each model.</summary>
internal static class AccuracySection
{
    private const int MostRows = 200, MostDrawn = 40;

    /// <summary>Writes the section.</summary>
    public static ReportSection Of(ExperimentRecords records)
    {
        int finished = records.FinishedModels.Count();
        ExperimentRecords listed = records.Best(MostRows), drawn = Factors.Labelled(records.Best(MostDrawn));
        string epochs = ExperimentText.EpochsOf(records.Description);
        var published = PublishedComparison.Of(drawn).Where(comparison => comparison.Test is not null)
            // Of two columns that contradict each other the one with which others agree; the table has both.
            .Where(comparison => comparison.Published == PublishedFigures.Of(
                comparison.Published.Model, records.Description.EpochsOf(comparison.Model.Model)))
            .Select(comparison => comparison.Published with { Model = comparison.Model.Name }).ToArray();
        string columns = string.Join(", ", published.Select(figure => figure.Column.Name).Distinct());
        string beside = published.Length == 0 ? "" : $" Beside them what was published ({columns}).";
        return new ReportSection("accuracy", "Test accuracy",
        [
            Table(listed, epochs, ExperimentText.Shown(listed.Models.Count, records.Models.Count)),
            new ReportFigure(AccuracyDistribution.Draw(drawn, published),
                $"Test accuracy after {epochs}, every run. The axis is logarithmic in the error, 100 − accuracy, where the " +
                    $"models " +
                $"differ much.{beside}{ExperimentText.Shown(drawn.FinishedModels.Count(), finished)}"),
        ]);
    }

    private static ReportTable Table(ExperimentRecords records, string epochs, string shown)
    {
        bool hasDiverged = records.Models.Any(model => model.Diverged.Count > 0);
        List<TableColumn> columns =
        [
            new("model", IsText: true), new("runs"), new("mean"), new("sd"), new("min"), new("max"), new("95 % interval"),
            new("train mean"), new("loss mean"),
        ];
        if (hasDiverged)
            columns.Insert(2, new TableColumn("diverged"));
        return new ReportTable(
            "accuracy",
            $"Test accuracy in percent after {epochs}: mean, sample standard deviation (sd), extremes, and the 95 % confidence " +
            $"interval of the mean (t, cut at 0 and 100); mean training accuracy and loss of the last epoch.{shown}",
            columns, [.. records.Models.Select(model => Row(model, hasDiverged))]);
    }

    private static List<string> Row(ModelRecords model, bool hasDiverged)
    {
        SampleSummary? test = model.TestAccuracy;
        List<string> row =
        [
            model.Name, Numbers.Count(model.Finished.Count), Numbers.Plain(test?.Mean), Numbers.Plain(test?.StandardDeviation),
            Numbers.Plain(test?.Minimum), Numbers.Plain(test?.Maximum), Numbers.Range(model.TestAccuracyInterval),
            Numbers.Plain(model.SummaryOf(run => run.Final.TrainAccuracy)?.Mean),
            Numbers.Loss(model.SummaryOf(run => run.Final.Loss)?.Mean),
        ];
        if (hasDiverged)
            row.Insert(2, Numbers.Count(model.Diverged.Count));
        return row;
    }
}
