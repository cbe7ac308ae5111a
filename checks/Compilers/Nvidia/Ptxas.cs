using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Checks.Compilers.Nvidia;

/// <summary>NVIDIA's ptxas and nvdisasm.</summary>
internal sealed partial class Ptxas : Compiler
{
    private const string Hint = "scripts/get-compiler nvidia prints the folder of NVIDIA's assembler";
    private readonly Tool _assembler, _disassembler;

    /// <summary>Takes them from a folder.</summary>
    /// <param name="folder">That of the CUDA toolkit, or of what is unpacked of it: it has them in bin.</param>
    /// <exception cref="Gpu.Errors.InputException">ptxas cannot be started.</exception>
    public Ptxas(string folder)
    {
        _assembler = new Tool(Path.Combine(folder, "bin", "ptxas"), Hint);
        _disassembler = new Tool(Path.Combine(folder, "bin", "nvdisasm"), Hint);
        Version = $"ptxas {VersionText.Match(_assembler.Run("--version")).Groups["version"].Value}";
    }

    public override string Script => "check-ptx";

    public override string Version { get; }

    public override IReadOnlyList<Target> Targets => Multiprocessor.All;

    public override string Shown => "sm_80";

    public override IReadOnlyList<KernelSource> SourcesFor(Target target) => KernelCompiler.CompilePtx(target.Name);

    /// <inheritdoc/>
    /// <remarks>
    /// ptxas's own defaults are those of the driver: optimisation level 3, multiplications and additions fused, denormals kept.
    /// </remarks>
    public override (ResourceUsage Resources, MachineCode Code) Compile(string source, Target target)
    {
        string text = Path.GetTempFileName(), binary = Path.GetTempFileName();
        try
        {
            File.WriteAllText(text, source);
            string report = _assembler.Run("-v", $"-arch={target.Name}", text, "-o", binary);
            return (PtxasReport.Read(report, (Multiprocessor)target),
                new MachineCode(_disassembler.Run("-c", binary), new NvidiaInstructions()));
        }
        finally
        {
            File.Delete(text);
            File.Delete(binary);
        }
    }

    [GeneratedRegex(@"V(?<version>\d+(\.\d+)+)")]
    private static partial Regex VersionText { get; }
}
