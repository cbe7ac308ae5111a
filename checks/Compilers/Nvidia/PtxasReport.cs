using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Compilers.Nvidia;

/// <summary>What <c>ptxas -v</c> prints of a kernel.</summary>
internal static partial class PtxasReport
{
    /// <summary>Reads the report on one kernel and the functions that were not inlined into it.</summary>
    /// <exception cref="FormatException">It does not say how many registers the kernel uses.</exception>
    public static ResourceUsage Read(string report, Multiprocessor target)
    {
        MatchCollection used = Used.Matches(report), frames = Frame.Matches(report);
        if (used.Count == 0 || frames.Count == 0)
            throw new FormatException($"ptxas -v did not print what a kernel uses; it printed: {report.ReplaceLineEndings(" ")}");
        int registers = used.Max(match => Number(match, "registers")), sharedBytes = Sum(Shared, report);
        return new ResourceUsage(
            registers,
            frames.Sum(match => Number(match, "stores") + Number(match, "loads")),
            Math.Max(frames.Max(match => Number(match, "stack")), Sum(Local, report)),
            sharedBytes,
            target.ResidentWarps(Tiles.GroupSize, registers, sharedBytes));
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
