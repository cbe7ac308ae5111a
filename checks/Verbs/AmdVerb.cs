using CommandLine;
using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Amd;

namespace IlgpuDistance.Checks.Verbs;

[Verb("amd", HelpText = "Compile all kernels for AMD's architectures and check the machine code.")]
internal sealed class AmdVerb : CompilerVerb
{
    protected override Compiler Open(string folder) => new Clang(folder);
}
