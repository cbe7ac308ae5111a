using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Records;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// The folder of an analysis: analysis.json with everything that was found, analysis.md, and the folder figures with a PNG and an
/// SVG of each figure. A file is there whole or not at all, files that exist are replaced, and figures of before that are none of
/// now are removed.
/// </summary>
internal static class AnalysisFolder
{
    private const string RecordName = "analysis.json", TextName = "analysis.md";

    /// <summary>The folder that is used where none is named, beside what was analysed.</summary>
    public static string DefaultOf(string folder) => Path.Combine(folder, "analysis");

    /// <summary>The analysis of an experiment in the folder where it is put by default; null where there is none.</summary>
    /// <param name="experiment">The experiment's folder.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static AnalysisRecord? Find(string experiment) => Read(DefaultOf(experiment));

    /// <summary>The same, if it is of the models that the runs have.</summary>
    /// <param name="experiment">The experiment, or the single run.</param>
    /// <exception cref="InputException">It cannot be read, or is of models that have been replaced since.</exception>
    public static AnalysisRecord? Find(ExperimentRecords experiment)
    {
        if (Find(experiment.Folder) is not { } analysis)
            return null;
        foreach (ModelAnalysis model in analysis.Models)
        {
            ModelRecords? records = experiment.Models.FirstOrDefault(other => other.Model.Network == model.Network);
            IReadOnlyList<RunRecord> runs = records?.Finished ?? [];
            foreach (RunAnalysis run in model.Runs)
            {
                // An analysis of a run by itself does not number it.
                RunRecord? now = runs.FirstOrDefault(other => other.Number == (run.Run ?? other.Number));
                if (run.ModelSha256 is { } was && now?.ModelSha256 is { } sha256 && was != sha256)
                {
                    throw new InputException(
                        $"{Path.Combine(DefaultOf(experiment.Folder), RecordName)}: " +
                        $"is of another model than the one that {model.Name} run {now.Number} has now; analyse again");
                }
            }
        }
        return analysis;
    }

    /// <summary>Puts an analysis together with the one that is in a folder; one that cannot be read will be replaced.</summary>
    /// <param name="record">What was found now.</param>
    /// <param name="folder">The folder; it need not hold an analysis.</param>
    public static AnalysisMerge Merge(AnalysisRecord record, string folder)
    {
        try
        {
            return Read(folder) is { } earlier ? AnalysisMerge.Of(earlier, record) : new AnalysisMerge(record, []);
        }
        catch (InputException error)
        {
            return new AnalysisMerge(record, [error.Message]);
        }
    }

    /// <summary>Whether a folder holds an analysis.</summary>
    public static bool HasAnalysis(string folder) => File.Exists(Links.Target(Path.Combine(folder, RecordName)));

    private static AnalysisRecord? Read(string folder) =>
        HasAnalysis(folder) ? JsonFile.Read<AnalysisRecord>(Path.Combine(folder, RecordName), "analyse again") : null;

    /// <summary>Writes an analysis.</summary>
    /// <param name="record">What was found.</param>
    /// <param name="report">The report on it.</param>
    /// <param name="folder">A folder that <see cref="FigureFiles.Prepare"/> has prepared.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="PlatformNotSupportedException">The drawing library does not run here; the record is written.</exception>
    public static void Write(AnalysisRecord record, Report report, string folder)
    {
        JsonFile.Write(Path.Combine(folder, RecordName), record);
        FigureFiles.Write(report, folder, TextName, RecordName);
        AtomicFile.WriteText(Path.Combine(folder, TextName),
            writer => MarkdownWriter.Write(report, writer, FigureFiles.FolderName));
    }
}
