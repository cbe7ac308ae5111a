using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Experiments;

/// <summary>
/// Runs of an experiment that ended with the same weights and are no two results: of options that make no difference, or where
/// nothing is left to chance.
/// </summary>
internal static class EqualRuns
{
    /// <summary>Tells of them in a sentence; null where there are none.</summary>
    public static string? In(ExperimentRecords records)
    {
        string[][] equal = [.. records.Models
            .SelectMany(model => model.Finished, (model, run) => (Text: $"{model.Name} run {run.Number}", run.ModelSha256))
            .Where(run => run.ModelSha256 is not null)
            .GroupBy(run => run.ModelSha256, run => run.Text)
            .Select(group => group.ToArray())
            .Where(runs => runs.Length > 1)];
        if (equal.Length == 0)
            return null;
        int others = equal.Sum(runs => runs.Length - 1) - 1;
        return $"{equal[0][0]} and {equal[0][1]} have the same weights, bit for bit, but count as two results" +
            (others == 0 ? "" : $"; so do {Numbers.Of(others, "more run")}");
    }
}
