namespace IlgpuDistance.Checks.Verbs;

/// <summary>One check, or one thing that is made of what the program knows.</summary>
internal abstract class CheckVerb
{
    /// <summary>Does it, prints what was found, and returns the exit code: 0, or 1 where something is wrong.</summary>
    /// <exception cref="Gpu.Errors.InputException">A tool, device or file that is needed cannot be used.</exception>
    public abstract int Run();

    /// <summary>Prints each problem as a line on standard error.</summary>
    protected static void Report(IEnumerable<string> problems)
    {
        foreach (string problem in problems)
            Console.Error.WriteLine($"error: {problem}");
    }
}
