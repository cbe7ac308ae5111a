using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Ptx;

/// <summary>What a kernel takes of a multiprocessor, from what <c>ptxas -v</c> prints.</summary>
/// <param name="Registers">32-bit registers of a work-item.</param>
/// <param name="SpillBytes">Bytes that a work-item stores and loads because registers do not suffice.</param>
/// <param name="LocalBytes">Local memory of a work-item: its stack.</param>
/// <param name="SharedBytes">Shared memory of a group.</param>
internal sealed partial record ResourceUsage(int Registers, int SpillBytes, int LocalBytes, int SharedBytes)
{
    /// <summary>Reads the report on one kernel and the functions that were not inlined into it.</summary>
    /// <exception cref="FormatException">It does not say how many registers the kernel uses.</exception>
    public static ResourceUsage Parse(string report)
    {
        MatchCollection used = Used.Matches(report), frames = Frame.Matches(report);
        if (used.Count == 0 || frames.Count == 0)
            throw new FormatException($"ptxas -v did not print what a kernel uses; it printed: {report.ReplaceLineEndings(" ")}");
        return new ResourceUsage(
            used.Max(match => Number(match, "registers")),
            frames.Sum(match => Number(match, "stores") + Number(match, "loads")),
            Math.Max(frames.Max(match => Number(match, "stack")), Sum(Local, report)),
            Sum(Shared, report));
    }

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static int Sum(Regex pattern, string report) => pattern.Matches(report).Sum(match => Number(match, "bytes"));

    [GeneratedRegex(@"Used (?<registers>\d+) registers")]
    private static partial Regex Used { get; }

    [GeneratedRegex(@"(?<stack>\d+) bytes stack frame, (?<stores>\d+) bytes spill stores, (?<loads>\d+) bytes spill loads")]
    private static partial Regex Frame { get; }

    [GeneratedRegex(@"(?<bytes>\d+) bytes lmem")]
    private static partial Regex Local { get; }

    [GeneratedRegex(@"(?<bytes>\d+) bytes smem")]
    private static partial Regex Shared { get; }
}
