using CommandLine;
using IlgpuDistance.Checks.Verbs;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks;

/// <summary>The command line behind scripts/check-ptx, -amd, -intel, -cuda, -races and -fuzz, and scripts/make-models.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var parser = new Parser(settings => settings.HelpWriter = Console.Error);
        Type[] verbs =
        [
            typeof(PtxVerb), typeof(AmdVerb), typeof(IntelVerb), typeof(CaptureVerb), typeof(CudaVerb), typeof(RacesVerb),
            typeof(SimulateVerb), typeof(FuzzVerb), typeof(ZooVerb),
        ];
        return parser.ParseArguments(arguments, verbs).MapResult(
            verb => Run((CheckVerb)verb), errors => errors.IsHelp() || errors.IsVersion() ? 0 : 2);
    }

    private static int Run(CheckVerb verb)
    {
        try
        {
            return verb.Run();
        }
        catch (Exception error) when ((error as InputException ?? error.InnerException as InputException) is { } input)
        {
            // Work on several threads wraps what it throws.
            Console.Error.WriteLine($"error: {input.Message}");
            return 2;
        }
    }
}
