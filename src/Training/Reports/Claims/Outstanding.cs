using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Claims;

/// <summary>What is said where runs leave something open.</summary>
internal static class Outstanding
{
    /// <summary>Of one run, or one network, no interval can be had.</summary>
    public const string Scatter = "one run says nothing about the scatter, it takes at least two";

    /// <summary>How many runs would decide it.</summary>
    /// <param name="needed">What <see cref="RunsNeeded.Of"/> has found.</param>
    /// <param name="of">Of what, as " of each"; empty where that is clear.</param>
    public static string Runs(int? needed, string of = "") => needed is { } count
        ? $"it takes about {Numbers.Of(count, "run")}{of}"
        : $"not even {Numbers.Of(RunsNeeded.Most, "run")}{of} would decide it, so near is the threshold";
}
