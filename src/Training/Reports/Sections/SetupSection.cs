using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>Everything that decided the results: models, data, options, device, software.</summary>
internal static class SetupSection
{
    /// <summary>Writes the section.</summary>
    public static ReportSection Of(ExperimentRecords records) => new("setup", "How it was run", [Table(records)]);

    private static ReportTable Table(ExperimentRecords records)
    {
        ExperimentDescription experiment = records.Description;
        var (data, software) = (experiment.Data, experiment.Versions);
        RunRecord[] runs = [.. records.Models.SelectMany(model => model.Finished)];
        List<IReadOnlyList<string>> rows =
        [
            ["models", string.Join(", ", experiment.Models.Select(model => model.Name))],
            ["runs of each model", Numbers.Count(experiment.Runs)],
            ["epochs of each run", Numbers.Count(experiment.Epochs)],
            ["data", $"{data.Name}, {data.TrainCount:N0} training and {data.TestCount:N0} test images"],
            ["input", FormattableString.Invariant($"{data.Scale} · pixel + {data.Shift}").Replace(
                "+ -", "− ", StringComparison.Ordinal)],
            .. experiment.Training.Values().Where(value => value.Setting != Settings.Epochs)
                .Select(value => new[] { value.Setting.Name, value.Value.Length == 0 ? Numbers.None : value.Value }),
            ["device", string.Join("; ", runs.Select(run => run.Device).Distinct().Order(StringComparer.Ordinal))],
            ["training time of the finished runs", Duration(runs.Sum(run => run.Seconds))],
            ["begun", $"{experiment.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC"],
            ["software",
                $"IlgpuDistance {software.Program}, ILGPU {software.Ilgpu}, .NET {software.DotNet}, {software.OperatingSystem}"],
        ];
        return new ReportTable("setup", "What was run.", [new("", IsText: true), new("", IsText: true, IsLong: true)], rows);
    }

    private static string Duration(double seconds) =>
        seconds < 120 ? $"{seconds:0.0} s" : seconds < 7200 ? $"{seconds / 60:0.0} min" : $"{seconds / 3600:0.0} h";
}
