using CommandLine;
using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Amd;

namespace IlgpuDistance.Checks.Verbs;

[Verb("amd", HelpText = "Compile all kernels for AMD's architectures and check the machine code.")]
internal sealed class AmdVerb : CompilerVerb
{
    [Option("driver", HelpText = "With the compiler of AMD's driver in place of LLVM's.")]
    public bool Driver { get; set; }

    protected override Compiler Open(string folder) => Driver ? new AmdDriver(folder) : new Clang(folder);
}
