namespace IlgpuDistance.Checks.Compilers.Amd;

/// <summary>One of AMD's architectures, and how many waves of a kernel a SIMD unit holds.</summary>
/// <remarks>
/// The figures are those of LLVM (AMDGPUBaseInfo.cpp: getTotalNumVGPRs, getVGPRAllocGranule, getMaxWavesPerEU). Four units have
/// shared memory together: those of a compute unit 64 KiB, those of RDNA's pair of compute units 128. Four waves of a product are
/// wanted. Where a wave has 64 work-items, a group and its tiles are one wave, and a unit's share of shared memory holds two; the
/// input gradient of OffsetL2 has more registers than two waves of gfx906 can have. There what is held is that it does not get
/// worse, for each kernel by the table in kernels.md.
/// </remarks>
/// <param name="Name">Its name for LLVM.</param>
/// <param name="Waves">Waves that a unit holds, at most.</param>
/// <param name="Lanes">Work-items in a wave.</param>
/// <param name="Registers">Vector registers that a unit has for each lane.</param>
/// <param name="RegisterUnit">The unit in which they are given to waves.</param>
/// <param name="SharedKiB">Shared memory of four units.</param>
/// <param name="LeastWaves">Waves of a product that a unit must hold.</param>
internal sealed record AmdGpu(
    string Name, int Waves, int Lanes, int Registers, int RegisterUnit, int SharedKiB, int LeastWaves = 4) : Target(Name)
{
    private const int Units = 4;

    /// <summary>All that are checked: Radeon VII, MI200, MI300, and Radeon RX 6000, 7000 and 9000.</summary>
    public static IReadOnlyList<AmdGpu> All { get; } =
    [
        new("gfx906", Waves: 10, Lanes: 64, Registers: 256, RegisterUnit: 4, SharedKiB: 64, LeastWaves: 1),
        new("gfx90a", Waves: 8, Lanes: 64, Registers: 512, RegisterUnit: 8, SharedKiB: 64, LeastWaves: 2),
        new("gfx942", Waves: 8, Lanes: 64, Registers: 512, RegisterUnit: 8, SharedKiB: 64, LeastWaves: 2),
        new("gfx1030", Waves: 16, Lanes: 32, Registers: 1024, RegisterUnit: 16, SharedKiB: 128),
        new("gfx1100", Waves: 16, Lanes: 32, Registers: 1536, RegisterUnit: 24, SharedKiB: 128),
        new("gfx1201", Waves: 16, Lanes: 32, Registers: 1536, RegisterUnit: 24, SharedKiB: 128),
    ];

    public override string ResidentUnit => "waves";

    public override int MostResident => Waves;

    public override int LeastResident => LeastWaves;

    /// <summary>Resident waves of a kernel in the unit that has most.</summary>
    /// <param name="groupSize">Work-items in a group.</param>
    /// <param name="registers">Registers of a work-item.</param>
    /// <param name="sharedBytes">Shared memory of a group.</param>
    public int ResidentWaves(int groupSize, int registers, int sharedBytes)
    {
        int byRegisters = Registers / (RegisterUnit * Quotient(Math.Max(registers, 1), RegisterUnit));
        int byShared = sharedBytes == 0 ? Waves
            : Quotient(SharedKiB * 1024 / sharedBytes * Quotient(groupSize, Lanes), Units);
        return Math.Min(Waves, Math.Min(byRegisters, byShared));
    }

    public override IEnumerable<string> SourceProblems(string source) => OpenClText.Problems(source);

    private static int Quotient(int n, int divisor) => (n + divisor - 1) / divisor;
}
