using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Cli;

/// <summary>How long an experiment will take, for the terminal.</summary>
internal static class EstimateText
{
    private const int MostRows = 50;

    /// <summary>Prints a row for each model with runs to train, and the time of all.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="estimate">What was measured.</param>
    public static void Print(IReadOnlyList<PlannedRun> runs, TimeEstimate estimate)
    {
        TextTable table = new TextTable().AddWords("model").AddNumbers("runs left", "per epoch", "time alone");
        var unfinished = runs.Where(run => run.Result is null).GroupBy(run => run.Model).ToArray();
        foreach (var model in unfinished.Take(MostRows))
        {
            int left = model.Count();
            table.AddRow(
                model.Key.Name, $"{left}", $"{1000 * estimate.SecondsPerEpoch(model.Key):0.0} ms",
                Duration.Text(estimate.SecondsOf(model.Key)));
        }
        Terminal.Print(table);
        if (unfinished.Length > MostRows)
            Terminal.Print($"and {unfinished.Length - MostRows} more models");
        Terminal.Print($"about {Duration.Text(estimate.Seconds)} in all, as measured in a few epochs of each model");
    }
}
