using System.Globalization;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Cli;

/// <summary>
/// The command line: reads a verb and its options, runs it, and turns every failure into one line on standard error.
/// </summary>
internal static class Program
{
    private const int UsageError = 2;
    private const int RunTimeFailure = 1;

    /// <summary>What the program can do.</summary>
    internal static IReadOnlyList<VerbDescription> Verbs { get; } =
    [
        new(typeof(TrainVerb)),
        new(typeof(ReproduceVerb)),
        new(typeof(MergeVerb)),
        new(typeof(ReportVerb)),
        new(typeof(EvaluateVerb)),
        new(typeof(AnalyzeVerb)),
        new(typeof(ExportVerb)),
        new(typeof(PageVerb)),
        new(typeof(ProfileVerb)),
        new(typeof(VerifyVerb)),
        new(typeof(KernelsVerb)),
        new(typeof(DevicesVerb)),
        new(typeof(DataVerb)),
    ];

    private static int Main(string[] arguments)
    {
        // Before anything is opened, printed or read.
        Descriptors.Claim();
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        if (DriverProbe.Serve(arguments))
            return 0;
        // On a thread of its own an error would end the process with a core dump.
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            Environment.Exit(Fail((Exception)unhandled.ExceptionObject, IsVerbose(arguments), RunTimeFailure));
        using var interruption = new Interruption();
        return Run(arguments, interruption);
    }

    /// <summary>Does what the arguments say, and turns every failure into one line on standard error.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] arguments, Interruption interruption)
    {
        bool verbose = IsVerbose(arguments);
        try
        {
            int exitCode = Do(arguments, interruption);
            return exitCode == 0 && Terminal.IsOutputLost ? RunTimeFailure : exitCode;
        }
        catch (InputException error)
        {
            return Fail(error, verbose, UsageError);
        }
        catch (Exception error)
        {
            return Fail(error, verbose, error is OperationCanceledException ? interruption.ExitCode : RunTimeFailure);
        }
    }

    private static int Do(string[] arguments, Interruption interruption)
    {
        if (arguments is ["--version" or "-v", ..])
            return Print(Help.Version);
        if (arguments is ["help"] || arguments.Length > 0 && IsHelp(arguments[0]))
            return Print(Help.Of(Verbs));
        if (arguments is ["help", ..])
            return Print(Help.Of(ArgumentCheck.FindVerb(arguments[1..], Verbs)));
        VerbDescription description = ArgumentCheck.FindVerb(arguments, Verbs);
        Terminal.Names = new OptionNames(description);
        if (arguments.Any(IsHelp))
            return Print(Help.Of(description));
        TextCheck.Check(arguments);
        Verb verb = VerbReader.Read(description, arguments[1..]);
        verb.Interruption = interruption;
        Terminal.ResultsAreSaved = verb.SavesResults;
        return verb.Run();
    }

    private static bool IsVerbose(string[] arguments) => arguments.Contains("--verbose");

    private static bool IsHelp(string argument) => argument is "--help" or "-h";

    private static int Print(string text)
    {
        Terminal.Print(text);
        return 0;
    }

    private static int Fail(Exception error, bool verbose, int exitCode)
    {
        Terminal.Fail(Terminal.InWords(error));
        if (verbose)
            Terminal.Trace(error);
        return exitCode;
    }
}
