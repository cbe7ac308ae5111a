using CommandLine;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>One verb of the command line with its options, which CommandLineParser fills in.</summary>
internal abstract class Verb
{
    [Option("verbose", HelpText = "Show the stack trace of an error.")]
    public bool Verbose { get; set; }

    /// <summary>What the verb was read from: the words that follow it, with each value joined to its option.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>Whether an option was given, and does not only have its default.</summary>
    /// <param name="option">Its name with dashes.</param>
    public bool IsGiven(string option) => Arguments.Any(
        argument => argument == option || argument.StartsWith($"{option}=", StringComparison.Ordinal));

    /// <summary>The signals that are sent to the program.</summary>
    public Interruption Interruption { get; set; } = null!;

    /// <summary>Whether the results are in files, so that standard output only tells about them.</summary>
    public virtual bool SavesResults => false;

    /// <summary>Does the work and returns the exit code: 0, or 1 for a failure that it has explained itself.</summary>
    /// <exception cref="Gpu.Errors.InputException">An option, file or device cannot be used: exit code 2.</exception>
    public abstract int Run();
}
