using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>
/// The two streams that verbs write to: results go to standard output, progress and warnings to standard error.
/// </summary>
internal static class Terminal
{
    /// <summary>Wide enough that no line of a file or pipe is ever broken.</summary>
    private const int UnlimitedWidth = 10_000;

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Output { get; } = Open(Console.Out);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error { get; } = Open(Console.Error);

    /// <summary>Tells the user one sentence that does not stop the work.</summary>
    public static void Warn(string sentence) => Console.Error.WriteLine($"warning: {sentence}");

    /// <summary>Shows the cursor again, which live displays hide.</summary>
    public static void ShowCursor()
    {
        foreach (IAnsiConsole console in new[] { Output, Error }.Where(console => console.Profile.Out.IsTerminal))
            console.Cursor.Show();
    }

    private static IAnsiConsole Open(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = UnlimitedWidth;
        return console;
    }
}
