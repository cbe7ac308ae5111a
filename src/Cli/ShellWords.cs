namespace IlgpuDistance.Cli;

/// <summary>Words of a command as a shell reads them: commands that the user is told can be pasted.</summary>
internal static class ShellWords
{
    /// <summary>A command of this program with its arguments.</summary>
    public static string Command(params IEnumerable<string> arguments) => Join(arguments.Prepend("ilgpu-distance"));

    /// <summary>Words of a command.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    /// <summary>One word: in single quotes unless all of it stands for itself.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word.All(IsPlain) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Whether a character stands for itself wherever it is in a word.</summary>
    public static bool IsPlain(char symbol) => char.IsAsciiLetterOrDigit(symbol) || "-_./=:,+@%".Contains(symbol);
}
