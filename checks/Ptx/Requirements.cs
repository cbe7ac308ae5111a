using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Ptx;

/// <summary>What must hold for every kernel on every architecture.</summary>
internal static partial class Requirements
{
    /// <summary>Least occupancy of a product.</summary>
    public const double LeastOccupancy = 0.25;

    /// <summary>
    /// Least share in the innermost loop of a product: of fused multiply-adds in a matrix product; of additions,
    /// multiplications and fused multiply-adds where the step is a prototype's.
    /// </summary>
    public const double LeastShare = 0.6;

    /// <summary>One line for each requirement that a kernel does not meet.</summary>
    public static IEnumerable<string> ProblemsOf(AssembledKernel kernel)
    {
        foreach (string problem in ResourceProblems(kernel).Concat(CodeProblems(kernel))
            .Concat(kernel.Kernel.IsProduct ? ProductProblems(kernel) : []))
        {
            yield return $"{kernel.Kernel.Name}, {kernel.Architecture.Architecture}: {problem}";
        }
    }

    private static IEnumerable<string> ResourceProblems(AssembledKernel kernel)
    {
        ResourceUsage resources = kernel.Resources;
        if (resources.SpillBytes > 0)
            yield return $"spills {resources.SpillBytes} bytes of registers";
        if (resources.LocalBytes > 0)
            yield return $"uses {resources.LocalBytes} bytes of local memory";
        if (resources.SharedBytes != kernel.Kernel.SharedBytes)
        {
            yield return $"uses {resources.SharedBytes} bytes of shared memory, but the catalogue says " +
                $"{kernel.Kernel.SharedBytes}";
        }
    }

    private static IEnumerable<string> CodeProblems(AssembledKernel kernel)
    {
        if (Forbidden.Matches(kernel.Ptx) is [var first, ..])
            yield return $"PTX has {first.Value}: no float64, no atomics, no warp functions";
        if (kernel.Ptx.Contains("shared.v4", StringComparison.Ordinal)
            && SharedAlignments(kernel.Ptx).Any(bytes => bytes % 16 != 0))
        {
            yield return $"shared memory is aligned to {SharedAlignments(kernel.Ptx).Min()} bytes, 128-bit loads need 16";
        }
    }

    private static IEnumerable<string> ProductProblems(AssembledKernel kernel)
    {
        // Of samples that are bytes, four are loaded at a time.
        bool readsBytes = kernel.Kernel.Name.Split('-').Contains(ByteSource.Name);
        foreach (Instruction access in kernel.Code.Instructions.Where(instruction =>
            instruction.Kind == InstructionKind.GlobalMemory))
        {
            if (access.Width != 128 && !(readsBytes && access is { Name: "LDG", Width: 32 }))
                yield return $"{access.Opcode} moves {access.Width} bits to or from global memory, not 128";
        }
        if (kernel.Occupancy < LeastOccupancy)
            yield return $"occupancy is {Tables.Percent(kernel.Occupancy)}, at least {Tables.Percent(LeastOccupancy)} is wanted";
        if (kernel.Loop is not { } loop)
        {
            yield return "no loop has fused multiply-adds of values from shared memory";
            yield break;
        }
        if (kernel.HasPrototypeStep && loop.ArithmeticShare < LeastShare)
        {
            yield return $"arithmetic of float32 is {Tables.Percent(loop.ArithmeticShare)} of the innermost loop, at least " +
                $"{Tables.Percent(LeastShare)} is wanted";
        }

        if (!kernel.HasPrototypeStep && loop.FfmaShare < LeastShare)
        {
            yield return $"FFMA is {Tables.Percent(loop.FfmaShare)} of the innermost loop, at least " +
                $"{Tables.Percent(LeastShare)} is wanted";
        }

        foreach (var (width, count) in loop.Widths(InstructionKind.SharedLoad))
        {
            if (width != 128)
                yield return $"{count} loads from shared memory in the innermost loop are {width} bits wide, not 128";
        }
    }

    private static IEnumerable<int> SharedAlignments(string ptx) =>
        SharedAlignment.Matches(ptx).Select(match => int.Parse(match.Groups["bytes"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\.f64\b|\b(atom|red|shfl|vote|match|redux|activemask)\.\S+")]
    private static partial Regex Forbidden { get; }

    [GeneratedRegex(@"\.shared \.align (?<bytes>\d+)")]
    private static partial Regex SharedAlignment { get; }
}
