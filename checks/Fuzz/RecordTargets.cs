using System.Security.Cryptography;
using System.Text;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Templates;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>The files that record trainings, experiments and analyses, each by itself.</summary>
internal static class RecordTargets
{
    /// <summary>The targets.</summary>
    public static IEnumerable<FuzzTarget> All(FuzzFolder files)
    {
        byte[][] runs = [SoundFiles.Json(SoundFiles.Completed), SoundFiles.Json(SoundFiles.Diverged), SoundFiles.OldRun];
        yield return new FuzzTarget("run.json", 16, InputForm.Json, runs, input =>
        {
            RunDescription run = RunFolder.Find(Path.GetDirectoryName(files.Write("run/run.json", input))!)!;
            _ = run.Training.Values().Count();
            run.CheckSame(SoundFiles.Completed, "folder");
            run.Device.CheckSame(SoundFiles.Completed.Device, "folder");
        });
        yield return new FuzzTarget("experiment.json", 10, InputForm.Json, [SoundFiles.Json(SoundFiles.Experiment)], input =>
        {
            string file = files.Write("described/experiment.json", input);
            ExperimentDescription experiment = ExperimentFolder.Find(Path.GetDirectoryName(file)!)!;
            _ = experiment.With(SoundFiles.Experiment, "folder");
        });
        yield return new FuzzTarget("analysis.json", 16, InputForm.Json, [SoundFiles.Json(SoundAnalysis.Record)], input =>
        {
            files.Write("analyzed/analysis/analysis.json", input);
            AnalysisRecord record = AnalysisFolder.Find(Path.GetDirectoryName(files["analyzed/x"])!)!;
            AnalysisMerge merged = AnalysisMerge.Of(record, SoundAnalysis.Record with { What = [AnalysisKind.Weights] });
            foreach (Report report in (Report[])[AnalysisReport.Of(record), AnalysisReport.Of(merged.Record)])
            {
                MarkdownWriter.Write(report, TextWriter.Null, "figures");
                LatexWriter.Write(report, TextWriter.Null);
                if (IsDrawn(input))
                    HtmlWriter.Write(report, TextWriter.Null);
            }
        })
        { FixedAllocation = 256 << 20 };
        yield return new FuzzTarget("owner of a folder", 2, InputForm.Json, [SoundFiles.Json(SoundFiles.Owner)], input =>
        {
            OwnerRecord? owner = OwnerFile.Parse(Encoding.UTF8.GetString(input));
            _ = $"{owner} {owner?.IsAlive(SoundFiles.Owner)}";
        });
        yield return new FuzzTarget("metrics.csv", 12, InputForm.Text, [SoundFiles.Metrics(SoundFiles.Epochs)], input =>
            _ = MetricsReader.Read(files.Write("metrics/metrics.csv", input), SoundFiles.Epochs));
        yield return new FuzzTarget("earlier.csv", 4, InputForm.Text, [SoundFiles.Earlier], input =>
            _ = EarlierRuns.AddTo(new ExperimentRecords
            {
                Folder = Path.GetDirectoryName(files.Write("earlier/earlier.csv", input))!,
                Description = SoundFiles.Experiment,
                Models = [],
                Problems = [],
            }));
        yield return new FuzzTarget("template of a document", 4, InputForm.Text, [SoundFiles.Template], input =>
        {
            string template = files.Write("template/page.md", input);
            _ = ReportTemplate.Fill(template, Path.GetDirectoryName(template)!, "page/figures");
        });
        yield return new FuzzTarget("checkpoint", 4, InputForm.Bytes, [SoundFiles.Checkpoint(files, 2)], input =>
            _ = CheckpointFile.Read(files.Write("kept/checkpoint", input)))
        { IsRefusal = IsRefusedCheckpoint };
        byte[] sound = SoundFiles.Checkpoint(files, 2);
        int lineEnd = Array.IndexOf(sound, (byte)'\n');
        yield return new FuzzTarget("checkpoint with a right checksum", 8, InputForm.Json, [sound[..lineEnd]], input =>
            _ = CheckpointFile.Read(files.Write("kept/checkpoint", input)))
        {
            IsRefusal = IsRefusedCheckpoint,
            Wrap = header => WithChecksum([.. header, .. sound.AsSpan(lineEnd..^ChecksumBytes)]),
        };
    }

    private const int ChecksumBytes = SHA256.HashSizeInBytes;

    /// <summary>Whether figures are drawn, too: for one input of many, as that takes longer than all else.</summary>
    internal static bool IsDrawn(byte[] input) => input.Aggregate(17, (hash, value) => 31 * hash + value) % 32 == 0;

    /// <summary>A damaged checkpoint, whose predecessor can be used, or one of another version.</summary>
    private static bool IsRefusedCheckpoint(Exception error) => error is InvalidDataException or Gpu.Errors.InputException;

    private static byte[] WithChecksum(byte[] content) => [.. content, .. SHA256.HashData(content)];
}
