using System.Reflection;
using CommandLine;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>One verb of the command line with its options, which CommandLineParser fills in.</summary>
internal abstract class Verb
{
    [Option("verbose", HelpText = "Show the stack trace of an error.")]
    public bool Verbose { get; set; }

    /// <summary>Does the work and returns the exit code: 0, or 1 for a failure that it has explained itself.</summary>
    /// <exception cref="Gpu.InputException">An option, file or device cannot be used: exit code 2.</exception>
    public abstract int Run();

    /// <summary>The name by which a verb's class is called on the command line.</summary>
    public static string NameOf(Type verb) => verb.GetCustomAttribute<VerbAttribute>()?.Name ?? "";
}
