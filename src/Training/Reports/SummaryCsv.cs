using System.Globalization;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Sections;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Reports;

/// <summary>The figures of a report for other programs. Numbers have all their digits; what does not exist is empty.</summary>
internal static class SummaryCsv
{
    /// <summary>The pairs of more models than this are of no use to anybody, and a large file.</summary>
    private const int MostCompared = 200;

    private static readonly string[] ModelHeader =
    [
        "runs", "diverged", "missing", "damaged",
        "test_mean", "test_sd", "test_min", "test_max", "test_ci95_low", "test_ci95_high",
        "train_mean", "train_sd", "loss_mean", "loss_sd", "converged_mean", "converged_sd", "seconds_mean",
    ];

    private static readonly string[] RunHeader =
        ["run", "test_accuracy", "train_accuracy", "loss", "converged", "seconds"];

    private static readonly string[] DifferenceHeader =
    [
        "first", "second", "difference", "paired_t", "paired_df", "paired_p", "pooled_t", "pooled_df", "pooled_p",
        "welch_t", "welch_df", "welch_p", "cohen_d",
    ];

    /// <summary>A line for each model.</summary>
    public static void WriteModels(ExperimentRecords records, TextWriter output)
    {
        string[] varied = VariedIn(records);
        CsvWriter.WriteLine(output, ["model", "network", .. varied, .. ModelHeader]);
        foreach (ModelRecords model in records.Models)
        {
            SampleSummary? test = model.TestAccuracy;
            SampleSummary? train = model.SummaryOf(run => run.Final.TrainAccuracy), loss = model.SummaryOf(run => run.Final.Loss);
            SampleSummary? converged = model.WithCurves.SummaryOf(run => Convergence.EpochOf(run.TestAccuracies));
            double?[] figures =
            [
                model.Finished.Count, model.Diverged.Count, model.Missing, model.Damaged,
                test?.Mean, test?.StandardDeviation, test?.Minimum, test?.Maximum, model.TestAccuracyInterval?.Low,
                model.TestAccuracyInterval?.High,
                train?.Mean, train?.StandardDeviation, loss?.Mean, loss?.StandardDeviation, converged?.Mean,
                converged?.StandardDeviation,
                model.SummaryOf(run => run.Seconds)?.Mean,
            ];
            CsvWriter.WriteLine(output, [model.Name, model.Model.Network, .. Values(model, varied), .. figures.Select(Field)]);
        }
    }

    /// <summary>A line for each pair of models: what is published of their difference in reports, with all digits.</summary>
    public static void WriteDifferences(ExperimentRecords records, TextWriter output)
    {
        CsvWriter.WriteLine(output, DifferenceHeader);
        foreach (PairwiseTests pair in PairwiseTests.Of(records.Best(MostCompared)))
        {
            static double?[] Test(TTestResult? test, double p) => [test?.T, test?.Degrees, p];
            double?[] figures =
            [
                pair.First.TestAccuracy!.Mean - pair.Second.TestAccuracy!.Mean, .. Test(pair.Paired, pair.Corrected.Paired),
                .. Test(pair.Pooled, pair.Corrected.Pooled), .. Test(pair.Welch, pair.Corrected.Welch), pair.CohenD,
            ];
            CsvWriter.WriteLine(output, [pair.First.Name, pair.Second.Name, .. figures.Select(Field)]);
        }
    }

    /// <summary>A line for each finished run.</summary>
    public static void WriteRuns(ExperimentRecords records, TextWriter output)
    {
        string[] varied = VariedIn(records);
        CsvWriter.WriteLine(output, ["model", .. varied, .. RunHeader]);
        foreach (ModelRecords model in records.Models)
        {
            foreach (RunRecord run in model.Finished)
            {
                int? converged = run.HasCurve ? Convergence.EpochOf(run.TestAccuracies) : null;
                double?[] figures = [run.Number, run.TestAccuracy, run.Final.TrainAccuracy, run.Final.Loss, converged,
                    run.Seconds];
                CsvWriter.WriteLine(output, [model.Name, .. Values(model, varied), .. figures.Select(Field)]);
            }
        }
    }

    /// <summary>The options in which variants differ, each of which has a column.</summary>
    private static string[] VariedIn(ExperimentRecords records) =>
        [.. records.Models.SelectMany(model => model.Model.Varied?.Keys ?? []).Distinct()];

    private static IEnumerable<string> Values(ModelRecords model, string[] varied) =>
        varied.Select(option => model.Model.Varied?.GetValueOrDefault(option) ?? "");

    private static string Field(double? value) =>
        value is { } number && !double.IsNaN(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
