using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Compilers.Intel;

/// <summary>What Intel's compiler writes about a kernel into the section <c>.ze_info</c> of its binary.</summary>
internal static partial class IntelMetadata
{
    /// <summary>Reads the section of a program with one kernel.</summary>
    /// <exception cref="FormatException">It does not say how many registers the kernel uses.</exception>
    public static ResourceUsage Read(string section)
    {
        int Sum(Func<string, bool> usage) => Buffer.Matches(section)
            .Where(match => usage(match.Groups["usage"].Value)).Sum(match => Number(match));
        // In a single space are spilled registers, and what else a work-item has of its own, which is nothing in our kernels.
        return new ResourceUsage(
            Number(Registers.Match(section)),
            Sum(usage => usage != "private_space"),
            Sum(usage => usage == "private_space"),
            Shared.Match(section) is { Success: true } shared ? Number(shared) : 0,
            Number(Width.Match(section)));
    }

    private static int Number(Match match) => match.Success
        ? int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture)
        : throw new FormatException("ocloc did not write what a kernel uses into .ze_info");

    [GeneratedRegex(@"^\s+grf_count:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Registers { get; }

    [GeneratedRegex(@"^\s+simd_size:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Width { get; }

    [GeneratedRegex(@"^\s+slm_size:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Shared { get; }

    [GeneratedRegex(@"type:\s+scratch\s+usage:\s+(?<usage>\w+)\s+size:\s+(?<n>\d+)")]
    private static partial Regex Buffer { get; }
}
