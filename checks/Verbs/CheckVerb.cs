namespace IlgpuDistance.Checks.Verbs;

/// <summary>One check.</summary>
internal abstract class CheckVerb
{
    /// <summary>Checks, prints what was found, and returns the exit code: 0, or 1 where something is wrong.</summary>
    /// <exception cref="Gpu.Errors.InputException">A tool, device or file that is needed cannot be used.</exception>
    public abstract int Run();

    /// <summary>Prints each problem as a line on standard error.</summary>
    protected static void Report(IEnumerable<string> problems)
    {
        foreach (string problem in problems)
            Console.Error.WriteLine($"error: {problem}");
    }
}
