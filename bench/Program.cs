using CommandLine;
using IlgpuDistance.Bench.Verbs;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Bench;

/// <summary>The benchmarks' command line; see README.md in this folder.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = Console.Out;
            settings.CaseInsensitiveEnumValues = true;
            settings.MaximumDisplayWidth = 110;
        });
        ParserResult<object> result =
            parser.ParseArguments<EpochsVerb, OperationsVerb, ProductsVerb, ScalingVerb, CompareVerb, ServeVerb>(arguments);
        return result.MapResult<BenchVerb, int>(Run, errors => errors.IsHelp() || errors.IsVersion() ? 0 : 2);
    }

    private static int Run(BenchVerb verb)
    {
        try
        {
            return verb.Run();
        }
        catch (InputException error)
        {
            Console.Error.WriteLine($"error: {error.Message}");
            return 2;
        }
    }
}
