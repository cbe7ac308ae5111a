using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>Standard output for tables. Into a file or a pipe they are written without colours and are not cut to 80 columns.</summary>
internal static class Terminal
{
    private const int RedirectedWidth = 200;

    /// <summary>A console on standard output.</summary>
    public static IAnsiConsole Out { get; } = Create();

    private static IAnsiConsole Create()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = RedirectedWidth;
        return console;
    }
}
