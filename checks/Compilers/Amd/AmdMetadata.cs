using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Compilers.Amd;

/// <summary>What clang writes about a kernel into the assembly for AMD.</summary>
internal static partial class AmdMetadata
{
    /// <summary>Reads the metadata of one kernel, and its occupancy, which stands in a comment.</summary>
    /// <exception cref="FormatException">It is not there.</exception>
    public static ResourceUsage Read(string assembly)
    {
        // Spilled registers and a stack share one memory.
        int spilled = Number(assembly, SpilledVectorRegisters), scratchBytes = Number(assembly, Scratch);
        return new ResourceUsage(
            Number(assembly, VectorRegisters),
            spilled > 0 ? scratchBytes : 0,
            spilled > 0 ? 0 : scratchBytes,
            Number(assembly, Shared),
            Number(assembly, Occupancy));
    }

    private static int Number(string assembly, Regex pattern)
    {
        Match match = pattern.Match(assembly);
        return match.Success ? int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new FormatException($"clang did not write what a kernel uses: no line matches {pattern}");
    }

    [GeneratedRegex(@"^\s+\.vgpr_count:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex VectorRegisters { get; }

    [GeneratedRegex(@"^\s+\.vgpr_spill_count:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex SpilledVectorRegisters { get; }

    [GeneratedRegex(@"^\s+\.private_segment_fixed_size:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Scratch { get; }

    [GeneratedRegex(@"^\s+\.group_segment_fixed_size:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Shared { get; }

    [GeneratedRegex(@"^; Occupancy:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Occupancy { get; }
}
