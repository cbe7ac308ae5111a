using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Compilers.Nvidia;

/// <summary>
/// What a multiprocessor of one of NVIDIA's architectures holds, and how many groups of a kernel that makes resident.
/// </summary>
/// <remarks>
/// Warps, groups, registers and shared memory: CUDA C++ Programming Guide, "Compute Capabilities", table "Technical
/// Specifications per Compute Capability". Registers are given to warps in units of 256, out of four equal parts of the
/// register file; shared memory in units of 128 bytes (256 before sm_80), and from sm_80 on the system keeps 1 KiB of each
/// group: CUDA Toolkit, cuda_occupancy.h. The driver is taken to give a kernel the largest shared memory that there is.
/// </remarks>
/// <param name="Name">The architecture's name for ptxas.</param>
/// <param name="Warps">Resident warps, at most.</param>
/// <param name="Groups">Resident groups, at most.</param>
/// <param name="SharedKiB">Shared memory, in KiB.</param>
/// <param name="ReservedBytes">Shared memory of each group that the system keeps, in bytes.</param>
/// <param name="SharedUnit">The unit in which shared memory is given to groups, in bytes.</param>
internal sealed partial record Multiprocessor(string Name, int Warps, int Groups, int SharedKiB, int ReservedBytes,
    int SharedUnit) : Target(Name)
{
    private const int WarpSize = 32;
    private const int Registers = 65_536;
    private const int RegisterUnit = 256;
    private const int RegisterFileParts = 4;

    /// <summary>All architectures that are checked.</summary>
    public static IReadOnlyList<Multiprocessor> All { get; } =
    [
        new("sm_75", Warps: 32, Groups: 16, SharedKiB: 64, ReservedBytes: 0, SharedUnit: 256),
        new("sm_80", Warps: 64, Groups: 32, SharedKiB: 164, ReservedBytes: 1024, SharedUnit: 128),
        new("sm_86", Warps: 48, Groups: 16, SharedKiB: 100, ReservedBytes: 1024, SharedUnit: 128),
        new("sm_89", Warps: 48, Groups: 24, SharedKiB: 100, ReservedBytes: 1024, SharedUnit: 128),
        new("sm_90", Warps: 64, Groups: 32, SharedKiB: 228, ReservedBytes: 1024, SharedUnit: 128),
    ];

    public override string ResidentUnit => "warps";

    public override int MostResident => Warps;

    public override bool DropsUnreadShared => false;

    /// <summary>A quarter.</summary>
    public override int LeastResident => (Warps + 3) / 4;

    /// <summary>Resident warps of a kernel.</summary>
    /// <param name="groupSize">Work-items in a group.</param>
    /// <param name="registers">Registers of a work-item.</param>
    /// <param name="sharedBytes">Shared memory of a group.</param>
    public int ResidentWarps(int groupSize, int registers, int sharedBytes)
    {
        int warpsOfGroup = RoundUp(groupSize, WarpSize) / WarpSize;
        int registersOfWarp = RoundUp(registers * WarpSize, RegisterUnit);
        int warpsByRegisters = RegisterFileParts * (Registers / RegisterFileParts / registersOfWarp);
        int sharedOfGroup = RoundUp(sharedBytes + ReservedBytes, SharedUnit);
        int groupsByShared = sharedOfGroup == 0 ? Groups : SharedKiB * 1024 / sharedOfGroup;
        int groups = Math.Min(Math.Min(Groups, groupsByShared), Math.Min(Warps, warpsByRegisters) / warpsOfGroup);
        return groups * warpsOfGroup;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> SourceProblems(string source)
    {
        if (Forbidden.Matches(source) is [var first, ..])
            yield return $"PTX has {first.Value}: no float64, no atomics, no warp functions";
        int[] alignments =
        [
            .. SharedAlignment.Matches(source)
                .Select(match => int.Parse(match.Groups["bytes"].ValueSpan, CultureInfo.InvariantCulture)),
        ];
        if (source.Contains("shared.v4", StringComparison.Ordinal) && alignments.Any(bytes => bytes % 16 != 0))
            yield return $"shared memory is aligned to {alignments.Min()} bytes, 128-bit loads need 16";
    }

    private static int RoundUp(int n, int unit) => (n + unit - 1) / unit * unit;

    [GeneratedRegex(@"\.f64\b|\b(atom|red|shfl|vote|match|redux|activemask)\.\S+")]
    private static partial Regex Forbidden { get; }

    [GeneratedRegex(@"\.shared \.align (?<bytes>\d+)")]
    private static partial Regex SharedAlignment { get; }
}
