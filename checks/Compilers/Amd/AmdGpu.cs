namespace IlgpuDistance.Checks.Compilers.Amd;

/// <summary>One of AMD's architectures.</summary>
/// <remarks>Waves: LLVM, "AMDGPU Usage", and what its kernels that need few registers report as their occupancy.</remarks>
/// <param name="Name">Its name for LLVM.</param>
/// <param name="Waves">Waves that a SIMD unit holds, at most.</param>
internal sealed record AmdGpu(string Name, int Waves) : Target(Name)
{
    /// <summary>All that are checked: Radeon VII, MI200, MI300, and Radeon RX 6000, 7000 and 9000.</summary>
    public static IReadOnlyList<AmdGpu> All { get; } =
    [
        new("gfx906", Waves: 10), new("gfx90a", Waves: 8), new("gfx942", Waves: 8),
        new("gfx1030", Waves: 16), new("gfx1100", Waves: 16), new("gfx1201", Waves: 16),
    ];

    public override string ResidentUnit => "waves";

    public override int MostResident => Waves;

    public override int LeastResident => 4;

    public override IEnumerable<string> SourceProblems(string source) => OpenClText.Problems(source);
}
