using IlgpuDistance.Training.Words;
using Spectre.Console;

namespace IlgpuDistance.Cli.Verification;

/// <summary>Shows a verification on standard output.</summary>
internal static class VerifyDisplay
{
    private const int Indent = 10;

    /// <summary>Does something, and shows on a terminal what is under way.</summary>
    /// <param name="action">Is given what is to be told of each step.</param>
    public static void Watch(Action<Action<string>> action)
    {
        if (!Terminal.IsLive)
        {
            action(_ => { });
            return;
        }
        Terminal.Output.Status().Start("…", status => action(step => status.Status(Markup.Escape($"{step} …"))));
    }

    /// <summary>Prints how a check ended.</summary>
    public static void Print(CheckResult check)
    {
        string head = check.Passed ? "  passed  " : "  FAILED  ";
        string text = $"{check.Title}: {check.Finding} ({Numbers.Digits(check.Seconds)} s)";
        string lines = string.Join('\n', WrappedText.Lines(new string(' ', Indent) + text, Terminal.Width));
        Terminal.Print(head + lines[Indent..]);
    }
}
