using CommandLine;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>One verb of the command line with its options, which CommandLineParser fills in.</summary>
internal abstract class Verb
{
    [Option("verbose", HelpText = "Show the stack trace of an error.")]
    public bool Verbose { get; set; }

    /// <summary>The signals that are sent to the program.</summary>
    public Interruption Interruption { get; set; } = null!;

    /// <summary>The arguments behind the verb, options as <c>--name=value</c>.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>Whether the results are in files, so that standard output only tells about them.</summary>
    public virtual bool SavesResults => false;

    /// <summary>Does the work and returns the exit code: 0, or 1 for a failure that it has explained itself.</summary>
    /// <exception cref="Gpu.Errors.InputException">An option, file or device cannot be used: exit code 2.</exception>
    public abstract int Run();
}
