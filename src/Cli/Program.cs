using CommandLine;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Cli;

/// <summary>
/// The command line: reads a verb and its options, runs it, and turns every failure into one line on standard error.
/// </summary>
internal static class Program
{
    private const int UsageError = 2;
    private const int RunTimeFailure = 1;

    private static readonly IReadOnlyList<VerbDescription> Verbs =
    [
        new(typeof(TrainVerb)),
        new(typeof(ReproduceVerb)),
        new(typeof(ReportVerb)),
        new(typeof(EvaluateVerb)),
        new(typeof(AnalyzeVerb)),
        new(typeof(ProfileVerb)),
        new(typeof(KernelsVerb)),
        new(typeof(DevicesVerb)),
        new(typeof(DataVerb)),
    ];

    private static int Main(string[] arguments)
    {
        if (DriverProbe.Serve(arguments))
            return 0;
        bool verbose = arguments.Contains("--verbose");
        try
        {
            return Run(arguments);
        }
        catch (InputException error)
        {
            return Fail(error, verbose, UsageError);
        }
        catch (OperationCanceledException error)
        {
            return Fail(error, verbose, Interruption.ExitCode);
        }
        catch (Exception error)
        {
            return Fail(error, verbose, RunTimeFailure);
        }
    }

    private static int Run(string[] arguments)
    {
        if (arguments is ["--help" or "--version", ..])
            return Print(arguments[0] == "--help" ? Help.Of(Verbs) : Help.Version);
        VerbDescription verb = ArgumentCheck.FindVerb(arguments, Verbs);
        if (arguments.Contains("--help"))
            return Print(Help.Of(verb));
        return Parse(verb, ArgumentCheck.Check(verb, arguments[1..])).Run();
    }

    /// <summary>Lets CommandLineParser fill in a verb from arguments that have been checked.</summary>
    private static Verb Parse(VerbDescription verb, IReadOnlyList<string> arguments)
    {
        using var parser = new Parser(settings =>
        {
            settings.AutoHelp = settings.AutoVersion = false;
            settings.CaseInsensitiveEnumValues = true;
            settings.HelpWriter = null;
        });
        return parser.ParseArguments([verb.Name, .. arguments], verb.Type).MapResult(
            parsed => (Verb)parsed,
            errors => throw new InputException($"{string.Join(", ", errors.Select(error => error.Tag))}; see ilgpu-distance {verb.Name} --help"));
    }

    private static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return 0;
    }

    private static int Fail(Exception error, bool verbose, int exitCode)
    {
        string message = string.Join(' ', error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Console.Error.WriteLine($"error: {message}");
        if (verbose)
            Console.Error.WriteLine(error);
        return exitCode;
    }
}
