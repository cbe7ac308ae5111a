using CommandLine;

namespace IlgpuDistance.Cli.Verbs;

[Verb("devices", HelpText = "List the devices that can compute, and why others cannot.")]
internal sealed class DevicesVerb : Verb
{
    public override int Run() => 0;
}
