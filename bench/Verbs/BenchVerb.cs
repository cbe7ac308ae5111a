using CommandLine;

namespace IlgpuDistance.Bench.Verbs;

/// <summary>One benchmark, and the options that all have.</summary>
internal abstract class BenchVerb
{
    [Option("markdown", HelpText = "Print tables in Markdown.")]
    public bool Markdown { get; set; }

    protected Report Report => new(Markdown);

    /// <summary>Measures and prints, and returns the exit code: 0, or 1 where results are wrong.</summary>
    /// <exception cref="Gpu.Errors.InputException">The data cannot be had, or an option cannot be used.</exception>
    public abstract int Run();
}
