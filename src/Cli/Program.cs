using CommandLine;
using CommandLine.Text;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu;

namespace IlgpuDistance.Cli;

/// <summary>
/// The command line: reads a verb and its options, runs it, and turns every failure into one line on standard error.
/// </summary>
internal static class Program
{
    private const int UsageError = 2;
    private const int RunTimeFailure = 1;

    private static readonly Type[] VerbTypes =
    [
        typeof(TrainVerb),
        typeof(EvaluateVerb),
        typeof(DevicesVerb),
        typeof(DataVerb),
    ];

    private static int Main(string[] arguments)
    {
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = null;
            settings.CaseInsensitiveEnumValues = true;
        });
        ParserResult<object> result = parser.ParseArguments(arguments, VerbTypes);
        return result.MapResult(verb => Run((Verb)verb), errors => Explain(result, [.. errors]));
    }

    private static int Run(Verb verb)
    {
        try
        {
            return verb.Run();
        }
        catch (InputException error)
        {
            return Fail(verb, error, UsageError);
        }
        catch (Exception error)
        {
            return Fail(verb, error, RunTimeFailure);
        }
    }

    private static int Fail(Verb verb, Exception error, int exitCode)
    {
        string message = string.Join(' ', error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Console.Error.WriteLine($"error: {message}");
        if (verb.Verbose)
            Console.Error.WriteLine(error);
        return exitCode;
    }

    /// <summary>Prints the help that was asked for, or one line about what could not be understood.</summary>
    private static int Explain(ParserResult<object> result, IReadOnlyList<Error> errors)
    {
        if (errors.IsHelp() || errors.IsVersion())
        {
            Console.Out.WriteLine(errors.IsVersion() ? HelpText.AutoBuild(result) : Help(result));
            return 0;
        }
        var sentences = SentenceBuilder.Create();
        var lines = HelpText.RenderParsingErrorsTextAsLines(
            result, sentences.FormatError, sentences.FormatMutuallyExclusiveSetErrors, indent: 0);
        string verb = result.TypeInfo.Current == typeof(NullInstance) ? "" : $" {Verb.NameOf(result.TypeInfo.Current)}";
        Console.Error.WriteLine($"error: {string.Join(' ', lines.Select(line => line.Trim()))} See: ilgpu-distance{verb} --help");
        return UsageError;
    }

    private static HelpText Help(ParserResult<object> result) => HelpText.AutoBuild(result, help =>
    {
        help.Copyright = "";
        help.AdditionalNewLineAfterOption = false;
        help.MaximumDisplayWidth = 110;
        help.AddEnumValuesToHelpText = true;
        return HelpText.DefaultParsingErrorsHandler(result, help);
    }, example => example);
}
