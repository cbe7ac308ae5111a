using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Records;

namespace IlgpuDistance.Training.Reports;

/// <summary>
/// The folder of a report: report.md and report.html, tables.tex, summary.csv (a line per model), runs.csv (a line per run),
/// differences.csv (a line per pair of models) and the
/// folder figures with a PNG and an SVG of each figure. A file is there whole or not at all, files that exist are replaced,
/// and figures of before that are none of now are removed.
/// </summary>
internal static class ReportFolder
{
    private const string TextName = "report.md";

    /// <summary>The folder in an experiment's folder that is used where none is named.</summary>
    public static string DefaultOf(string experiment) => Path.Combine(experiment, "report");

    /// <summary>
    /// Where the page goes on which one draws, which is not of the report, but to which a report in the folder links.
    /// </summary>
    public static string PageIn(string folder) => Path.Combine(folder, "page.html");

    /// <summary>The page to which a report in the folder links: that beside it, else the experiment's; null for none.</summary>
    public static string? FindPage(string experiment, string folder) =>
        Array.Find([PageIn(folder), PageIn(DefaultOf(experiment))], File.Exists);

    /// <summary>The address of a file as seen from a document in the folder.</summary>
    public static string AddressOf(string file, string folder) =>
        string.Join('/', Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));

    /// <summary>Writes a report and the figures behind it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="records">The records that it was made from.</param>
    /// <param name="folder">A folder that <see cref="FigureFiles.Prepare"/> has prepared.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="PlatformNotSupportedException">The drawing library does not run here; the tables are written.</exception>
    public static void Write(Report report, ExperimentRecords records, string folder)
    {
        string PathOf(string name) => Path.Combine(folder, name);
        AtomicFile.WriteText(PathOf("summary.csv"), writer => SummaryCsv.WriteModels(records, writer));
        AtomicFile.WriteText(PathOf("runs.csv"), writer => SummaryCsv.WriteRuns(records, writer));
        AtomicFile.WriteText(PathOf("differences.csv"), writer => SummaryCsv.WriteDifferences(records, writer));
        AtomicFile.WriteText(PathOf("tables.tex"), writer => LatexWriter.Write(report, writer));
        FigureFiles.Write(report, folder, TextName, "summary.csv, runs.csv, differences.csv and tables.tex");
        AtomicFile.WriteText(PathOf(TextName), writer => MarkdownWriter.Write(report, writer, FigureFiles.FolderName));
        AtomicFile.WriteText(PathOf("report.html"), writer => HtmlWriter.Write(report, writer));
    }
}
