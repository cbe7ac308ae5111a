using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Checks.Compilers.Amd;

/// <summary>The compiler of AMD's OpenCL driver, which compiles for GPUs that are not there, in a folder of Debian 13.</summary>
internal sealed class AmdDriver : Compiler
{
    private const string Binaries = "/usr/lib/llvm-19/bin";
    private readonly string _root;
    private readonly Tool _run;
    private readonly Lazy<IReadOnlyList<KernelSource>> _sources = new(() => KernelCompiler.CompileOpenCl());

    /// <summary>Takes it from a folder.</summary>
    /// <param name="folder">That into which Debian's packages are unpacked in place of /usr.</param>
    /// <exception cref="Gpu.Errors.InputException">Nothing can be run there.</exception>
    public AmdDriver(string folder)
    {
        _root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))!;
        _run = new Tool(Path.Combine(_root, "run"), "scripts/get-compiler amd-driver prints the folder of AMD's driver");
        Version = $"AMD's driver {_run.Run("/offline", "--version").Trim()}";
    }

    public override string Script => "check-amd";

    public override string Version { get; }

    public override bool IsInDocument => false;

    /// <summary>All but those that are newer than the driver.</summary>
    public override IReadOnlyList<Target> Targets { get; } = [.. AmdGpu.All.Where(target => target.Name != "gfx1201")];

    public override string Shown => "gfx1100";

    public override IReadOnlyList<KernelSource> SourcesFor(Target target) => _sources.Value;

    public override (ResourceUsage Resources, MachineCode Code) Compile(string source, Target target)
    {
        string name = Path.GetRandomFileName();
        string folder = Directory.CreateDirectory(Path.Combine(_root, "tmp", name)).FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "kernel.cl"), source);
            _run.Run("/offline", target.Name, $"/tmp/{name}/kernel.cl", $"/tmp/{name}/kernel.co", "-cl-std=CL2.0");
            string metadata = _run.Run($"{Binaries}/llvm-readelf", "--notes", $"/tmp/{name}/kernel.co");
            string listing = _run.Run($"{Binaries}/llvm-objdump", "-d", "--symbolize-operands", "--no-show-raw-insn",
                "--no-leading-addr", $"/tmp/{name}/kernel.co");
            return (AmdMetadata.Read(metadata, (AmdGpu)target), new MachineCode(listing, new AmdInstructions()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
