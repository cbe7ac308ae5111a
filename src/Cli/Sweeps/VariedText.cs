using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Cli.Sweeps;

/// <summary>What an experiment varies, for the terminal.</summary>
internal static class VariedText
{
    private const int MostValues = 12;

    /// <summary>A line for each option that differs between variants; none where there are none.</summary>
    public static IEnumerable<string> LinesOf(IReadOnlyList<ExperimentModel> models)
    {
        foreach (string option in models.SelectMany(model => model.Varied?.Keys ?? []).Distinct())
        {
            string[] values = [.. models.Select(model => model.Varied?.GetValueOrDefault(option)).OfType<string>().Distinct()];
            yield return values.Length <= MostValues
                ? $"varied: {option} {string.Join("; ", values)}"
                : $"varied: {option} {string.Join("; ", values[..(MostValues - 1)])}; … {values[^1]} ({values.Length} values)";
        }
    }
}
