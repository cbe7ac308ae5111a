using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>Everything that decided the results: models, data, options, device, software.</summary>
internal static class SetupSection
{
    private const int MostValues = 32;

    /// <summary>Writes the section.</summary>
    public static ReportSection Of(ExperimentRecords records) => new("setup", "How it was run", [Table(records)]);

    private static ReportTable Table(ExperimentRecords records)
    {
        ExperimentDescription experiment = records.Description;
        RunVersions software = experiment.Versions;
        RunData[] data = [.. experiment.Models.Select(experiment.DataOf).Distinct()];
        var settings = experiment.Models.Select(experiment.TrainingOf).Distinct().Select(training => training.Values().ToArray())
            .ToArray();
        RunRecord[] runs = [.. records.Models.SelectMany(model => model.Finished)];
        List<IReadOnlyList<string>> rows =
        [
            ["models", AllOf(experiment.Models.Select(model => model.Title))],
            ["runs of each model", Numbers.Count(experiment.Runs)],
            ["epochs of each run", AllOf(experiment.EpochCounts.Select(count => Numbers.Count(count)))],
            ["data", AllOf(data.Select(TextOf), "; ")],
            ["input", AllOf(data.Select(ScalingOf), "; ")],
            .. settings[0].Index().Where(value => value.Item.Setting != Settings.Epochs).Select(value =>
                new[] { value.Item.Setting.Name, AllOf(settings.Select(values => values[value.Index].Value), "; ") }),
            ["device", string.Join("; ", runs.Select(run => run.Device).Distinct().Order(StringComparer.Ordinal))],
            ["training time of the finished runs", runs.Length == 0 ? Numbers.None
                : $"{Duration(runs.Sum(run => run.Seconds))}, {Duration(runs.Average(run => run.Seconds))} a run"],
            ["begun", $"{experiment.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC"],
            ["software",
                $"IlgpuDistance {software.Program}, ILGPU {software.Ilgpu}, .NET {software.DotNet}, {software.OperatingSystem}"],
        ];
        return new ReportTable("setup", "What was run.", [new("", IsText: true), new("", IsText: true, IsLong: true)], rows);
    }

    private static string TextOf(RunData data) =>
        $"{data.Name}, {data.TrainCount:N0} training and {data.TestCount:N0} test images";

    private static string ScalingOf(RunData data) => FormattableString.Invariant($"{data.Scale} · pixel + {data.Shift}").Replace(
        "+ -", "− ", StringComparison.Ordinal);

    /// <summary>Each value once.</summary>
    private static string AllOf(IEnumerable<string> all, string between = ", ")
    {
        string[] values = [.. all.Select(value => value.Length == 0 ? Numbers.None : value).Distinct()];
        return values.Length <= MostValues
            ? string.Join(between, values)
            : $"{string.Join(between, values[..(MostValues - 1)])}{between}… {values[^1]} ({values.Length} values)";
    }

    /// <summary>A time in the unit in which it is read best.</summary>
    public static string Duration(double seconds) =>
        seconds < 120 ? $"{seconds:0.0} s" : seconds < 7200 ? $"{seconds / 60:0.0} min" : $"{seconds / 3600:0.0} h";
}
