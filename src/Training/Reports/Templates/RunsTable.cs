using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Sections;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Templates;

/// <summary>What was run of several experiments, on which machine, and how long it took, as the runs recorded it.</summary>
internal static class RunsTable
{
    /// <summary>Makes the table: a row for each device of each experiment.</summary>
    /// <param name="experiments">The experiments with their names; null for the records where nothing is finished.</param>
    public static ReportTable Of(IEnumerable<(string Name, ExperimentRecords? Records)> experiments) => new(
        "runs",
        "The finished runs of each experiment, with the wall time of their epochs; several of them may have shared a machine.",
        [
            new("experiment", IsText: true), new("models", IsText: true, IsLong: true), new("epochs"), new("runs"),
            new("device", IsText: true, IsLong: true), new("a run"), new("all"),
        ],
        [.. experiments.SelectMany(experiment => experiment.Records is { } records
            ? RowsOf(experiment.Name, records)
            : [[experiment.Name, Numbers.None, Numbers.None, "none yet", Numbers.None, Numbers.None, Numbers.None]])]);

    private static IEnumerable<string[]> RowsOf(string name, ExperimentRecords records) =>
        records.FinishedModels.SelectMany(model => model.Finished, (model, run) => (Model: model, Run: run))
            .GroupBy(pair => pair.Run.Device).Select(device => (string[])
            [
                name, Numbers.List(device.Select(pair => pair.Model.Name).Distinct()),
                ExperimentText.EpochsOf(records.Description).Split(' ')[0], Numbers.Count(device.Count()), device.Key,
                SetupSection.Duration(device.Average(pair => pair.Run.Seconds)),
                SetupSection.Duration(device.Sum(pair => pair.Run.Seconds)),
            ]);
}
