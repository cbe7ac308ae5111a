using System.Diagnostics.CodeAnalysis;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;
using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>
/// The two streams that verbs write to: results go to standard output, progress and warnings to standard error. Nothing else
/// in this project touches them.
/// </summary>
/// <remarks>
/// Lines go through <see cref="Print(string)"/>, <see cref="Tell"/>, <see cref="Warn(string)"/> and <see cref="Fail"/>, tables as
/// <see cref="TextTable"/> through <see cref="Print(TextTable)"/>, text for programs through <see cref="PrintData"/>, and what
/// is rewritten on the screen is drawn by Spectre on <see cref="Output"/> or <see cref="Error"/>. On a terminal lines are
/// broken between words; in a file or pipe a line stays a line. None of these ever throws because a stream cannot be
/// written: that is told once on standard error, and the work goes on; <see cref="IsOutputLost"/> then says whether the
/// exit code must tell it, too. And none lets a character through that a terminal obeys instead of showing it.
/// </remarks>
internal static class Terminal
{
    static Terminal() => Begin(StandardStream.OpenOutput(TellLostOutput), StandardStream.OpenError(_ => { }));

    private static StandardStream OutputStream { get; set; }

    private static StandardStream ErrorStream { get; set; }

    /// <summary>Standard output, for what is drawn.</summary>
    public static IAnsiConsole Output { get; private set; }

    /// <summary>Standard error, for what is drawn.</summary>
    public static IAnsiConsole Error { get; private set; }

    /// <summary>Whether what standard output has shown can be rewritten.</summary>
    public static bool IsLive => OutputStream.IsTerminal && Output.Profile.Capabilities.Ansi;

    /// <summary>The columns of standard output; very many where it is no terminal.</summary>
    public static int Width => OutputStream.Width;

    /// <summary>
    /// Whether the work that is being done leaves its results in files, so that it is as good as ever where standard output
    /// cannot be written.
    /// </summary>
    public static bool ResultsAreSaved { get; set; }

    /// <summary>
    /// Whether results were lost because standard output could not be written. A reader that has gone, as <c>head</c> does, had
    /// what it wanted.
    /// </summary>
    public static bool IsOutputLost => !ResultsAreSaved && OutputStream.Problem is { ReaderIsGone: false };

    /// <summary>The options of the verb, which stand in messages for the library's settings; null before it is known.</summary>
    public static OptionNames? Names { get; set; }

    /// <summary>Lets what follows go into streams in place of this process's, as if the process had just begun.</summary>
    public static void Redirect(Stream output, Stream error)
    {
        Begin(StandardStream.Into(output, TellLostOutput), StandardStream.Into(error, _ => { }));
        (ResultsAreSaved, Names) = (false, null);
    }

    /// <summary>A message of the library in the words of the command line.</summary>
    public static string InWords(Wording message) => message.InWords(setting => Names?.Of(setting));

    /// <summary>The message of an error in the words of the command line.</summary>
    public static string InWords(Exception error) => error switch
    {
        AggregateException { InnerException: { } first } => InWords(first),
        InputException input => InWords(input.Wording),
        // What this program says itself, whatever the cause.
        InvalidOperationException => error.Message,
        _ when HostMemory.IsShortage(error) => InWords(MemoryException.Unexplained()),
        _ => error.Message,
    };

    /// <summary>Writes lines to standard output, for people.</summary>
    public static void Print(string text) => Write(Output, OutputStream, text);

    /// <summary>Writes a table to standard output.</summary>
    public static void Print(TextTable table) => Output.Write(table);

    /// <summary>Writes text for programs to standard output; no line of it is ever broken.</summary>
    public static void PrintData(string text) => OutputStream.Writer.WriteLine(VisibleText.Lines(text));

    /// <summary>Tells the user, on standard error, one sentence about the work.</summary>
    public static void Tell(string sentence)
    {
        string[] lines = sentence.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string line = VisibleText.OneLine(string.Join(' ', lines));
        // On a screen, it must not get into the midst of what is being redrawn on standard output.
        bool together = IsLive && ErrorStream.IsTerminal && OutputStream.Problem is null;
        Write(together ? Output : Error, together ? OutputStream : ErrorStream, line);
    }

    /// <summary>Tells one sentence that does not stop the work.</summary>
    public static void Warn(string sentence) => Tell($"warning: {sentence}");

    /// <summary>The same for a message of the library.</summary>
    public static void Warn(Wording sentence) => Warn(InWords(sentence));

    /// <summary>Tells in one sentence what went wrong.</summary>
    public static void Fail(string sentence) => Tell($"error: {sentence}");

    /// <summary>Writes the details of an error, for whoever asked for them.</summary>
    public static void Trace(Exception error) => ErrorStream.Writer.WriteLine(VisibleText.Lines(error.ToString()));

    /// <summary>Shows the cursor again, which live displays hide.</summary>
    public static void ShowCursor()
    {
        foreach (IAnsiConsole console in new[] { Output, Error }.Where(console => console.Profile.Out.IsTerminal))
            console.Cursor.Show();
    }

    private static void Write(IAnsiConsole console, StandardStream stream, string text)
    {
        string visible = VisibleText.Lines(text);
        // Through Spectre, which moves what it is rewriting out of the way.
        if (stream.IsTerminal)
            console.Write(new WrappedText(visible));
        else
            stream.Writer.WriteLine(visible);
    }

    private static void TellLostOutput(WriteProblem problem)
    {
        const string Consequence = "the work goes on, and its results are saved";
        if (ResultsAreSaved)
        {
            Warn(problem.ReaderIsGone
                ? $"nobody reads standard output any more; {Consequence}"
                : $"standard output cannot be written: {problem.Reason}; {Consequence}");
        }
        else if (!problem.ReaderIsGone)
        {
            Fail($"standard output cannot be written: {problem.Reason}");
        }
    }

    [MemberNotNull(nameof(OutputStream), nameof(ErrorStream), nameof(Output), nameof(Error))]
    private static void Begin(StandardStream output, StandardStream error)
    {
        (OutputStream, ErrorStream) = (output, error);
        (Output, Error) = (Open(output), Open(error));
    }

    private static IAnsiConsole Open(StandardStream stream) => AnsiConsole.Create(new AnsiConsoleSettings { Out = stream });
}
