using System.Text.RegularExpressions;

namespace IlgpuDistance.Gpu.Syntax;

/// <summary>How one kind of layer, optimizer or schedule is written: what reads it, and what help and messages list.</summary>
/// <param name="Text">
/// A name with all its arguments, e.g. <c>linear(N, bias: true|false)</c>. Capitals stand for numbers; of words the first goes
/// without saying.
/// </param>
/// <param name="Meaning">What it does, in one sentence.</param>
/// <param name="Read">Takes its arguments.</param>
internal sealed partial record CallSyntax<T>(string Text, string Meaning, Func<CallText, T> Read)
{
    /// <summary>The name without arguments.</summary>
    public string Name => Text.Split('(')[0];

    /// <summary>What is meant by the name alone.</summary>
    public T Default => Read(new CallText("", Name));

    /// <summary>One for each choice of words.</summary>
    /// <param name="count">Stands for N.</param>
    public IEnumerable<T> Examples(int count = 1) =>
        ChoicesIn(Text.Replace("(N", $"({count}", StringComparison.Ordinal)).Select(text => Read(new CallText("", text)));

    private static IEnumerable<string> ChoicesIn(string text) => Choice().Match(text) is not { Success: true } choice
        ? [text]
        : choice.Value.Split('|').SelectMany(
            word => ChoicesIn(text[..choice.Index] + word + text[(choice.Index + choice.Length)..]));

    [GeneratedRegex(@"[a-z-]+(\|[a-z-]+)+")]
    private static partial Regex Choice();
}

/// <summary>Reads one of several kinds.</summary>
internal static class CallSyntax
{
    /// <summary>Reads a call as the kind whose name it has.</summary>
    /// <param name="kinds">All there are.</param>
    /// <param name="what">What they are, in the singular.</param>
    /// <param name="call">The text.</param>
    /// <exception cref="Errors.InputException">There is no such kind, or an argument is wrong.</exception>
    public static T Read<T>(this IReadOnlyList<CallSyntax<T>> kinds, string what, CallText call)
    {
        CallSyntax<T> syntax = kinds.FirstOrDefault(known => known.Name == call.Name)
            ?? throw call.Error(
                $"unknown {what} \"{call.Name}\"; known are {string.Join(", ", kinds.Select(known => known.Name))}");
        T value = syntax.Read(call);
        call.End(syntax.Text);
        return value;
    }
}
