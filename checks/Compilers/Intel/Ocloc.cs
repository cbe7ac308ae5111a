using System.Collections.Concurrent;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Checks.Compilers.Intel;

/// <summary>Intel's offline compiler, which is that of its driver.</summary>
internal sealed class Ocloc : Compiler
{
    private readonly Tool _ocloc;
    private readonly ConcurrentDictionary<int, IReadOnlyList<KernelSource>> _sources = [];

    /// <summary>Takes it from a folder.</summary>
    /// <param name="folder">/usr, or the folder into which Debian's packages are unpacked in its place.</param>
    /// <exception cref="InputException">ocloc cannot be started.</exception>
    public Ocloc(string folder)
    {
        _ocloc = new Tool(Path.Combine(folder, "bin", "ocloc"), "scripts/get-compiler intel prints the folder of Intel's ocloc",
            DebianLibraries.In(folder));
        Version = $"ocloc {InFolder(work =>
        {
            _ocloc.In(work).Run("query", "OCL_DRIVER_VERSION");
            return File.ReadAllText(Path.Combine(work, "OCL_DRIVER_VERSION")).Trim('\0', ' ', '\n');
        })}";
    }

    public override string Script => "check-intel";

    public override string Version { get; }

    public override IReadOnlyList<Target> Targets => IntelGpu.All;

    public override string Shown => "dg2";

    public override IReadOnlyList<KernelSource> SourcesFor(Target target) => _sources.GetOrAdd(
        ((IntelGpu)target).LeastWidth, width => KernelCompiler.CompileOpenCl(new(HasFma: true, LeastSubGroup: width)));

    /// <inheritdoc/>
    /// <remarks>The format of binaries that says what a kernel uses is the driver's own for dg2 and later.</remarks>
    public override (ResourceUsage Resources, MachineCode Code) Compile(string source, Target target) => InFolder(work =>
    {
        string text = Path.Combine(work, "kernel.cl"), listings = Path.Combine(work, "listings");
        File.WriteAllText(text, source);
        Directory.CreateDirectory(listings);
        _ocloc.Run("compile", "-q", "-device", target.Name, "-file", text, "-out_dir", work,
            "-options", $"-cl-std={((IntelGpu)target).OpenClVersion}", "-internal_options", "-cl-intel-allow-zebin");
        string printed = _ocloc.Run("disasm", "-device", target.Name, "-file", Only(work, "*.bin"), "-dump", listings);
        string listing = Only(listings, ".text.*.asm", printed);
        return (IntelMetadata.Read(File.ReadAllText(Only(listings, ".ze_info", printed))),
            new MachineCode(File.ReadAllText(listing), new IntelInstructions()));
    });

    private static string Only(string folder, string pattern, string printed = "") =>
        Directory.GetFiles(folder, pattern) is [var file] ? file : throw new InputException(
            $"ocloc: expected one file {pattern}, found {Directory.GetFiles(folder, pattern).Length} {printed.Trim()}".TrimEnd());

    private static T InFolder<T>(Func<string, T> work)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("check-intel-");
        try
        {
            return work(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
