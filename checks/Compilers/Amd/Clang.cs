using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Checks.Compilers.Amd;

/// <summary>LLVM's compiler of OpenCL C for AMD, with the library of OpenCL's functions libclc.</summary>
internal sealed class Clang : Compiler
{
    private readonly Tool _clang;
    private readonly string _library;
    private readonly Lazy<IReadOnlyList<KernelSource>> _sources = new(() => KernelCompiler.CompileOpenCl());

    /// <summary>Takes them from a folder.</summary>
    /// <param name="folder">/usr, or the folder into which Debian's packages are unpacked in its place.</param>
    /// <exception cref="Gpu.Errors.InputException">clang cannot be started.</exception>
    public Clang(string folder)
    {
        _clang = new Tool(Path.Combine(folder, "lib", "llvm-19", "bin", "clang"),
            "scripts/get-compiler amd prints the folder of LLVM", DebianLibraries.In(folder));
        _library = Path.Combine(folder, "lib", "clc", "amdgcn--amdhsa.bc");
        Version = $"clang {_clang.Run("-dumpversion").Trim()}";
    }

    public override string Script => "check-amd";

    public override string Version { get; }

    public override IReadOnlyList<Target> Targets => AmdGpu.All;

    public override string Shown => "gfx1100";

    public override IReadOnlyList<KernelSource> SourcesFor(Target target) => _sources.Value;

    /// <inheritdoc/>
    /// <remarks>
    /// As AMD's driver compiles, but that this one has a library of its own for the functions of OpenCL. (The library's name of
    /// the system is spelt otherwise, of which clang would warn.)
    /// </remarks>
    public override (ResourceUsage Resources, MachineCode Code) Compile(string source, Target target)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("check-amd-");
        try
        {
            string text = Path.Combine(folder.FullName, "kernel.cl"), assembly = Path.Combine(folder.FullName, "kernel.s");
            File.WriteAllText(text, source);
            _clang.Run("-target", "amdgcn-amd-amdhsa", $"-mcpu={target.Name}", "-x", "cl", "-cl-std=CL2.0", "-O3", "-nogpulib",
                "-Xclang", "-mlink-builtin-bitcode", "-Xclang", _library, "-Wno-linker-warnings", "-S", text, "-o", assembly);
            string listing = File.ReadAllText(assembly);
            return (AmdMetadata.Read(listing, (AmdGpu)target), new MachineCode(listing, new AmdInstructions()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
