using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Figures;
using IlgpuDistance.Training.Reports.Sweeps;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>The way to the final accuracies.</summary>
internal static class CurvesSection
{
    /// <summary>Names of more models have no room beside the lines.</summary>
    private const int MostModels = 24;

    /// <summary>Writes the section; null where no run has a curve.</summary>
    public static ReportSection? Of(ExperimentRecords records)
    {
        int without = records.Models.Sum(model => model.Finished.Count(run => !run.HasCurve));
        records = records.WithCurves;
        int finished = records.FinishedModels.Count();
        if (finished == 0)
            return null;
        records = Factors.Labelled(records.Best(MostModels));
        string leftOut = without == 0 ? ""
            : $" Left out {(without == 1 ? "is" : "are")} {Numbers.Of(without, "run")} of which only the final figures are kept.";
        string shown = ExperimentText.Shown(records.FinishedModels.Count(), finished) + leftOut;
        bool hasBands = records.FinishedModels.Any(model => model.TestAccuracy!.HasSpread);
        string bands = hasBands
            ? ", with a band of one standard deviation where there are several runs"
            : "; single runs, so without bands";
        return new ReportSection("curves", "Learning curves",
        [
            new ReportFigure(LearningCurves.InPaperForm(records),
                "Learning curves in the paper's form: mean over runs of the natural logarithms of the training loss and of " +
                    "the test " +
                $"error in percent{bands}. The names stand beside the ends of the lines, in their order.{shown}"),
            new ReportFigure(LearningCurves.Plain(records),
                $"The same without logarithms, over a logarithmic axis of epochs{bands}. The axis of the loss ends a little " +
                    $"above " +
                $"that of guessing.{shown}"),
            ConvergenceTable(records, shown),
        ]);
    }

    private static ReportTable ConvergenceTable(ExperimentRecords records, string shown) => new(
        "convergence",
        "Epoch of convergence: the first from which on every measured test accuracy stays within " +
        FormattableString.Invariant(
            $"{Convergence.Tolerance} points of the final one. A model that collapses early has converged, too.{shown}"),
        [new("model", IsText: true), new("runs"), new("mean"), new("sd"), new("min"), new("max")],
        [.. records.FinishedModels.Select(model =>
        {
            SampleSummary epochs = model.SummaryOf(run => Convergence.EpochOf(run.TestAccuracies))!;
            return (string[])
            [
                model.Name, Numbers.Count(epochs.Count), Numbers.Count(epochs.Mean), Numbers.Count(epochs.StandardDeviation),
                Numbers.Count(epochs.Minimum), Numbers.Count(epochs.Maximum),
            ];
        })]);
}
