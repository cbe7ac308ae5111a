using CommandLine;
using IlgpuDistance.Cli.Experiments;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports;
using IlgpuDistance.Training.Reports.Templates;

namespace IlgpuDistance.Cli.Verbs;

[Verb("report", HelpText = "Report on an experiment: tables, figures, tests, and what holds.")]
internal sealed class ReportVerb : Verb
{
    [Value(0, MetaName = "FOLDER", Required = true,
        HelpText = "The experiment: the folder that \"reproduce --out\" wrote, finished or not; or the folder of one run. With " +
            "--template the folder that holds the experiments.")]
    public string Folder { get; set; } = "";

    [Option("template", MetaValue = "FILE",
        HelpText = "A document in Markdown with placeholders for parts of the reports on the experiments in FOLDER, such as " +
            "{{main: table accuracy}}. It is filled in and written to --out.")]
    public string? Template { get; set; }

    [Option("out", MetaValue = "FOLDER",
        HelpText = "Where report.md, report.html, tables.tex, summary.csv and figures go. Default: report in the " +
            "experiment's folder. With --template the document, beside which a folder of its name has the figures.")]
    public string? Out { get; set; }

    public override bool SavesResults => true;

    public override int Run()
    {
        if (Template is null)
        {
            if (!WriteReport(Folder, Out, quiet: false))
                return 1;
            TellOfMissingPage(Out ?? ReportFolder.DefaultOf(Folder));
            return 0;
        }
        WriteDocument(Template, Out ?? throw new InputException("--out: expected the document that is made of --template"));
        return 0;
    }

    /// <summary>Writes the report of an experiment, and prints the verdicts and where the report is.</summary>
    /// <param name="experiment">The experiment's folder.</param>
    /// <param name="output">Where the report goes; null for its place in the experiment's folder.</param>
    /// <param name="quiet">Whether nothing is printed but what had to be left out.</param>
    /// <returns>Whether it has figures; else all runs diverged, as is told.</returns>
    /// <exception cref="InputException">It cannot be read, nothing of it has ended, or the place cannot be used.</exception>
    internal static bool WriteReport(string experiment, string? output, bool quiet)
    {
        ExperimentRecords records = EarlierRuns.AddTo(ExperimentRecords.Read(experiment));
        foreach (string problem in records.Problems)
            Terminal.Warn($"left out: {problem}");
        if (EqualRuns.In(records) is { } equal)
            Terminal.Warn(equal);
        string folder = output ?? ReportFolder.DefaultOf(experiment);
        string? page = ReportFolder.FindPage(experiment, folder);
        bool isDiverged = DivergedReport.Fits(records);
        Report report = isDiverged ? DivergedReport.Of(records) : ExperimentReport.Of(
            records, FindAnalysis(records), page is null ? null : ReportFolder.AddressOf(page, folder));
        // Another report takes seconds; an experiment whose trainings took days must not fail for it.
        using IDisposable held = FigureFiles.Prepare(folder, "report", patience: TimeSpan.FromMinutes(1));
        ReportFolder.Write(report, records, folder);

        string written = Path.Combine(folder, "report.html");
        if (isDiverged)
        {
            Terminal.Fail($"{report.Title}: there is no accuracy to report; try a smaller learning rate; see {written}");
            return false;
        }
        if (quiet)
            return true;
        Terminal.Print(report.Title);
        foreach (Finding finding in report.Findings)
            Terminal.Print($"{finding.Claim}: {finding.Verdict.InWords()}");
        Terminal.Print($"see {written}{(page is null ? "" : $", and draw a digit on {page}")}");
        return true;
    }

    /// <summary>Tells how to make the page on which one draws, where there is none but are networks for one.</summary>
    private void TellOfMissingPage(string folder)
    {
        if (ReportFolder.FindPage(Folder, folder) is not null)
            return;
        try
        {
            AnalysisTarget.Find(Folder);
        }
        catch (InputException)
        {
            return;
        }
        string command = ShellWords.Command("page", Folder, "--out", ReportFolder.PageIn(folder));
        Terminal.Print($"there is no page on which one draws yet: \"{command}\" makes it, and another report links to it");
    }

    private void WriteDocument(string template, string document)
    {
        FilledTemplate filled = ReportTemplate.Fill(template, Folder, ReportTemplate.FigureFolderOf(document));
        ReportTemplate.Write(filled, document);
        Terminal.Print($"see {document}");
    }

    private static AnalysisRecord? FindAnalysis(ExperimentRecords records)
    {
        try
        {
            return AnalysisFolder.Find(records);
        }
        catch (InputException error)
        {
            Terminal.Warn($"left out: {error.Wording}");
            return null;
        }
    }
}
