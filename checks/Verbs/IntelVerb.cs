using CommandLine;
using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Intel;

namespace IlgpuDistance.Checks.Verbs;

[Verb("intel", HelpText = "Compile all kernels for Intel's devices and check the machine code.")]
internal sealed class IntelVerb : CompilerVerb
{
    protected override Compiler Open(string folder) => new Ocloc(folder);
}
