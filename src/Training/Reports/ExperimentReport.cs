using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Sections;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports;

/// <summary>Turns an experiment's records into a report. Every statement in it is computed from the records.</summary>
internal static class ExperimentReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="records">The experiment.</param>
    /// <param name="analysis">What its networks measure; null where that has not been analysed.</param>
    /// <param name="page">The address of the page on which one draws, as seen from the report; null where there is none.</param>
    /// <exception cref="InputException">No run is finished.</exception>
    public static Report Of(ExperimentRecords records, AnalysisRecord? analysis = null, string? page = null)
    {
        if (!records.FinishedModels.Any())
        {
            int diverged = records.Models.Sum(model => model.Diverged.Count);
            throw new InputException(
                $"{records.Folder}: none of {Numbers.Of(records.Models.Count * records.Description.Runs, "run")} is finished" +
                (diverged > 0 ? $", {diverged} diverged" : "") +
                (records.Problems.Count > 0 ? $", {records.Problems.Count} left out" : "") +
                "; there is nothing to report yet");
        }
        ExperimentDescription experiment = records.Description;
        string title = $"{Finished(records)}, {ExperimentText.EpochsOf(experiment)} on " +
            $"{ExperimentText.DataOf(experiment)}{LeftOut(records)}";
        ReportSection?[] sections =
        [
            OverviewSection.Of(records, page),
            ResponseSection.Of(records),
            ClaimsSection.Of(records),
            AccuracySection.Of(records),
            PublishedSection.Of(records),
            CurvesSection.Of(records),
            DifferencesSection.Of(records),
            .. analysis is null ? [] : AnalysisReport.SectionsOf(analysis),
            AnalysisClaimsSection.Of(records, analysis),
            SetupSection.Of(records),
        ];
        return new Report(title, [.. sections.OfType<ReportSection>()]);
    }

    /// <summary>
    /// The models that have figures and their runs, beside what was planned: "2 of 16 models, 2 to 3 runs each".
    /// </summary>
    private static string Finished(ExperimentRecords records)
    {
        int[] runs = [.. records.FinishedModels.Select(model => model.Finished.Count)];
        int planned = records.Description.Runs, fewest = runs.Min(), most = runs.Max();
        string models = (runs.Length < records.Models.Count ? $"{runs.Length} of " : "")
            + Numbers.Of(records.Models.Count, "model");
        string each = fewest == most && most < planned
            ? $"{most} of {Numbers.Of(planned, "run")}"
            : Numbers.Of(fewest, most, "run");
        return $"{models}, {each} each";
    }

    /// <summary>Runs that have ended and have no figures.</summary>
    private static string LeftOut(ExperimentRecords records)
    {
        int diverged = records.Models.Sum(model => model.Diverged.Count);
        return (diverged > 0 ? $"; {Numbers.Of(diverged, "run")} diverged" : "") +
            (records.Problems.Count > 0 ? $"; {Numbers.Of(records.Problems.Count, "run")} left out" : "");
    }
}
