using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Sections;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports;

/// <summary>The report of an experiment whose runs, as far as they have ended, all diverged: which, and why.</summary>
internal static class DivergedReport
{
    /// <summary>Rows of the table; an experiment may have thousands of runs.</summary>
    private const int MostRows = 100;

    /// <summary>Whether an experiment has this report.</summary>
    public static bool Fits(ExperimentRecords records) =>
        !records.FinishedModels.Any() && records.Models.Any(model => model.Diverged.Count > 0);

    /// <summary>Writes it.</summary>
    /// <param name="records">The experiment.</param>
    public static Report Of(ExperimentRecords records)
    {
        int ended = records.Models.Sum(model => model.Diverged.Count), planned = records.Models.Count * records.Description.Runs;
        string title = ended == planned ? $"All of {Numbers.Of(ended, "run")} diverged"
            : $"{Numbers.Of(ended, "run")} of {Numbers.Count(planned)} diverged, and none is finished";
        string[][] rows = [.. records.Models.SelectMany(model => model.Diverged, (model, run) =>
            (string[])[model.Name, Numbers.Count(run.Key), run.Value])];
        string shown = rows.Length > MostRows ? $" The first {MostRows} are shown." : "";
        var table = new ReportTable(
            "diverged", $"How the runs ended.{shown}",
            [new("model", IsText: true), new("run"), new("reason", IsText: true, IsLong: true)], [.. rows.Take(MostRows)]);
        return new Report(title,
        [
            new ReportSection("diverged", "What happened",
            [
                new ReportParagraph(
                    "There is no accuracy to report. A smaller learning rate, or inputs scaled to 0..1, may help."),
                table,
            ]),
            SetupSection.Of(records),
        ]);
    }
}
