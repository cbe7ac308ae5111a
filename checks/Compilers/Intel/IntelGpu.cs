namespace IlgpuDistance.Checks.Compilers.Intel;

/// <summary>One of Intel's devices.</summary>
/// <param name="Name">Its name for ocloc.</param>
/// <param name="LeastWidth">Work-items that an instruction serves, at least.</param>
/// <param name="OpenClVersion">
/// The version of OpenCL C that a kernel is compiled as. Where the driver of Debian 12 has no images it cannot read its own
/// header for 3.0.
/// </param>
internal sealed record IntelGpu(string Name, int LeastWidth, string OpenClVersion) : Target(Name)
{
    /// <summary>All that are checked: Arc (Xe-HPG) and Ponte Vecchio (Xe-HPC).</summary>
    public static IReadOnlyList<IntelGpu> All { get; } =
        [new("dg2", LeastWidth: 8, "CL3.0"), new("pvc", LeastWidth: 16, "CL2.0") { MaySpill = true }];

    public override string ResidentUnit => "work-items";

    public override int MostResident => 32;

    public override int LeastResident => LeastWidth;

    /// <summary>
    /// Ponte Vecchio has 128 registers a thread for 16 work-items or more, where Arc has them for 8; and ILGPU cannot ask for its
    /// 256.
    /// </summary>
    public override bool MaySpill { get; init; }

    public override IEnumerable<string> SourceProblems(string source) => OpenClText.Problems(source);
}
