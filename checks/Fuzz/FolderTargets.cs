using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>Folders of many files of which one is damaged: what a report reads, and a run that is taken up again.</summary>
internal static class FolderTargets
{
    /// <summary>The targets.</summary>
    public static IEnumerable<FuzzTarget> All(FuzzFolder files)
    {
        (string Name, InputForm Form, byte[] Sound)[] experiment =
        [
            ("experiment.json", InputForm.Json, SoundFiles.Json(SoundFiles.Experiment)),
            ("mine/0/run.json", InputForm.Json, SoundFiles.Json(SoundFiles.Completed)),
            ("mine/0/metrics.csv", InputForm.Text, SoundFiles.Metrics(SoundFiles.Epochs)),
            ("mine/1/run.json", InputForm.Json, SoundFiles.Json(SoundFiles.Diverged)),
            ("mine/2/run.json", InputForm.Json, SoundFiles.Json(SoundFiles.Completed with { Run = 2 })),
            ("mine/2/metrics.csv", InputForm.Text, SoundFiles.Metrics(SoundFiles.Epochs)),
        ];
        foreach (var (name, _, sound) in experiment)
            files.Write($"experiment/{name}", sound);
        foreach (var (name, form, sound) in experiment.Take(3))
        {
            string target = $"report on an experiment with a damaged {Path.GetFileName(name)}";
            yield return new FuzzTarget(target, 2, form, [sound], input =>
            {
                string path = files.Write($"experiment/{name}", input);
                try
                {
                    string folder = Path.GetDirectoryName(files["experiment/x"])!;
                    Report(folder, mayBeRefused: name == experiment[0].Name, RecordTargets.IsDrawn(input));
                }
                finally
                {
                    File.WriteAllBytes(path, sound);
                }
            })
            { FixedAllocation = 256 << 20 };
        }

        (string Name, InputForm Form, byte[] Sound)[] run =
        [
            ("run.json", InputForm.Json, SoundFiles.Json(SoundFiles.Running)),
            ("metrics.csv.partial", InputForm.Text, SoundFiles.Metrics(2)),
            ("checkpoint", InputForm.Bytes, SoundFiles.Checkpoint(files, 2)),
            ("checkpoint.previous", InputForm.Bytes, SoundFiles.Checkpoint(files, 1)),
        ];
        foreach (var (name, form, sound) in run)
        {
            yield return new FuzzTarget($"resume of a run with a damaged {name}", 1, form, [sound], input =>
            {
                string folder = Path.GetDirectoryName(files["resumed/x"])!;
                Directory.Delete(folder, recursive: true);
                foreach (var (other, _, content) in run)
                    files.Write($"resumed/{other}", other == name ? input : content);
                using RunFolder resumed = RunFolder.Resume(folder, SoundFiles.Running, warn: _ => { });
                resumed.Append(SoundFiles.RecordOf(SoundFiles.Epochs));
            });
        }
    }

    /// <summary>Reads an experiment and makes the report; one bad run must not end it.</summary>
    private static void Report(string folder, bool mayBeRefused, bool isDrawn)
    {
        try
        {
            ExperimentRecords records = ExperimentRecords.Read(folder);
            Report report = ExperimentReport.Of(records, AnalysisFolder.Find(folder));
            MarkdownWriter.Write(report, TextWriter.Null, "figures");
            LatexWriter.Write(report, TextWriter.Null);
            SummaryCsv.WriteModels(records, TextWriter.Null);
            SummaryCsv.WriteRuns(records, TextWriter.Null);
            if (isDrawn)
                HtmlWriter.Write(report, TextWriter.Null);
        }
        catch (Gpu.Errors.InputException error) when (!mayBeRefused)
        {
            throw new InvalidOperationException($"a damaged run ended the report: {error.Message}", error);
        }
    }
}
