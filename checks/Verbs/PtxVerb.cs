using CommandLine;
using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Nvidia;

namespace IlgpuDistance.Checks.Verbs;

[Verb("ptx", HelpText = "Assemble all kernels for NVIDIA's architectures and check the machine code.")]
internal sealed class PtxVerb : CompilerVerb
{
    protected override Compiler Open(string folder) => new Ptxas(folder);
}
