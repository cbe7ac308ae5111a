using System.Globalization;
using IlgpuDistance.Training.Experiments.Reports.Document;
using IlgpuDistance.Training.Experiments.Reports.Records;
using IlgpuDistance.Training.Experiments.Statistics;

namespace IlgpuDistance.Training.Experiments.Reports;

/// <summary>The figures of a report for other programs. Numbers have all their digits; what does not exist is empty.</summary>
internal static class SummaryCsv
{
    private static readonly string[] ModelHeader =
    [
        "model", "network", "runs", "diverged", "missing", "damaged",
        "test_mean", "test_sd", "test_min", "test_max", "test_ci95_low", "test_ci95_high",
        "train_mean", "train_sd", "loss_mean", "loss_sd", "converged_mean", "converged_sd", "seconds_mean",
    ];

    private static readonly string[] RunHeader =
        ["model", "run", "test_accuracy", "train_accuracy", "loss", "converged", "seconds"];

    /// <summary>A line for each model.</summary>
    public static void WriteModels(ExperimentRecords records, TextWriter output)
    {
        CsvWriter.WriteLine(output, ModelHeader);
        foreach (ModelRecords model in records.Models)
        {
            SampleSummary? test = model.TestAccuracy;
            SampleSummary? train = model.SummaryOf(run => run.Final.TrainAccuracy), loss = model.SummaryOf(run => run.Final.Loss);
            SampleSummary? converged = model.SummaryOf(run => Convergence.EpochOf(run.TestAccuracies));
            double?[] figures =
            [
                model.Finished.Count, model.Diverged.Count, model.Missing, model.Damaged,
                test?.Mean, test?.StandardDeviation, test?.Minimum, test?.Maximum, test?.MeanInterval?.Low, test?.MeanInterval?.High,
                train?.Mean, train?.StandardDeviation, loss?.Mean, loss?.StandardDeviation, converged?.Mean, converged?.StandardDeviation,
                model.SummaryOf(run => run.Seconds)?.Mean,
            ];
            CsvWriter.WriteLine(output, [model.Name, model.Model.Network, .. figures.Select(Field)]);
        }
    }

    /// <summary>A line for each finished run.</summary>
    public static void WriteRuns(ExperimentRecords records, TextWriter output)
    {
        CsvWriter.WriteLine(output, RunHeader);
        foreach (ModelRecords model in records.Models)
        {
            foreach (RunRecord run in model.Finished)
            {
                int converged = Convergence.EpochOf(run.TestAccuracies);
                double?[] figures = [run.Number, run.TestAccuracy, run.Final.TrainAccuracy, run.Final.Loss, converged, run.Seconds];
                CsvWriter.WriteLine(output, [model.Name, .. figures.Select(Field)]);
            }
        }
    }

    private static string Field(double? value) =>
        value is { } number && !double.IsNaN(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
