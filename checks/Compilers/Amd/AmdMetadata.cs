using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Compilers.Amd;

/// <summary>What LLVM writes about a kernel for AMD's runtime, as text.</summary>
internal static partial class AmdMetadata
{
    /// <summary>Reads the metadata of one kernel.</summary>
    /// <exception cref="FormatException">It is not there.</exception>
    public static ResourceUsage Read(string text, AmdGpu target)
    {
        // Spilled registers and a stack share one memory.
        int spilled = Number(text, SpilledVectorRegisters), scratchBytes = Number(text, Scratch);
        int registers = Number(text, VectorRegisters), sharedBytes = Number(text, Shared);
        return new ResourceUsage(registers, spilled > 0 ? scratchBytes : 0, spilled > 0 ? 0 : scratchBytes, sharedBytes,
            target.ResidentWaves(Tiles.GroupSize, registers, sharedBytes));
    }

    private static int Number(string text, Regex pattern)
    {
        Match match = pattern.Match(text);
        return match.Success ? int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new FormatException($"LLVM did not write what a kernel uses: no line matches {pattern}");
    }

    [GeneratedRegex(@"^\s+\.vgpr_count:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex VectorRegisters { get; }

    [GeneratedRegex(@"^\s+\.vgpr_spill_count:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex SpilledVectorRegisters { get; }

    [GeneratedRegex(@"^\s+\.private_segment_fixed_size:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Scratch { get; }

    [GeneratedRegex(@"^\s+\.group_segment_fixed_size:\s+(?<n>\d+)", RegexOptions.Multiline)]
    private static partial Regex Shared { get; }
}
