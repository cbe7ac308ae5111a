using IlgpuDistance.Gpu;
using IlgpuDistance.Training.Experiments.Reports.Document;
using IlgpuDistance.Training.Experiments.Reports.Figures;
using IlgpuDistance.Training.Experiments.Reports.Records;

namespace IlgpuDistance.Training.Experiments.Reports;

/// <summary>
/// The folder of a report: report.md and report.html, tables.tex, summary.csv (a line per model), runs.csv (a line per run) and the
/// folder figures with a PNG and an SVG of each figure. A file is there whole or not at all, and files that exist are replaced.
/// </summary>
public static class ReportFolder
{
    private const string FigureFolder = "figures";

    /// <summary>The folder in an experiment's folder that is used where none is named.</summary>
    public static string DefaultOf(string experiment) => Path.Combine(experiment, "report");

    /// <summary>Checks, before anything is computed for it, that a report can be written to a folder, and creates it.</summary>
    /// <exception cref="InputException">It is a file or cannot be created.</exception>
    public static void Prepare(string folder)
    {
        if (folder.Length == 0)
            throw new InputException("--out: expected a folder, found empty text");
        if (File.Exists(folder))
            throw new InputException($"--out {folder}: is a file; name a folder");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, FigureFolder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--out {folder}: cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Writes a report and the figures behind it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="records">The records that it was made from.</param>
    /// <param name="folder">A folder that <see cref="Prepare"/> has prepared.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="PlatformNotSupportedException">The drawing library does not run here; the tables are written.</exception>
    public static void Write(Report report, ExperimentRecords records, string folder)
    {
        string PathOf(string name) => Path.Combine(folder, name);
        AtomicFile.WriteText(PathOf("summary.csv"), writer => SummaryCsv.WriteModels(records, writer));
        AtomicFile.WriteText(PathOf("runs.csv"), writer => SummaryCsv.WriteRuns(records, writer));
        AtomicFile.WriteText(PathOf("tables.tex"), writer => LatexWriter.Write(report, writer));
        try
        {
            foreach (Figure figure in report.Figures.Select(block => block.Figure))
            {
                string path = PathOf(Path.Combine(FigureFolder, figure.Name));
                AtomicFile.Write($"{path}.png", stream => stream.Write(figure.ToPng()));
                AtomicFile.WriteText($"{path}.svg", writer => writer.Write(figure.ToSvg()));
            }
        }
        catch (TypeInitializationException error)
        {
            throw new PlatformNotSupportedException(
                $"{folder}: has summary.csv, runs.csv and tables.tex only: the drawing library cannot be loaded on this machine: " +
                error.GetBaseException().Message, error);
        }
        AtomicFile.WriteText(PathOf("report.md"), writer => MarkdownWriter.Write(report, writer, FigureFolder));
        AtomicFile.WriteText(PathOf("report.html"), writer => HtmlWriter.Write(report, writer));
    }
}
