using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Configuration;

/// <summary>What is wrong with a text that cannot be read, in words that need no knowledge of how it is read.</summary>
internal static class ConfigText
{
    private const int LongestWord = 20;

    /// <summary>Says that something cannot stand where it stands.</summary>
    /// <param name="rest">The text from there on.</param>
    public static string Unexpected(string rest)
    {
        string line = rest.Split('\n')[0].TrimEnd('\r');
        if (line.Length == 0)
            return rest.Length == 0 ? "the file ends where more is expected" : "the line ends where more is expected";
        // A word, or one character where there is none.
        int length = line.TakeWhile(symbol => char.IsLetterOrDigit(symbol) || "_-.+".Contains(symbol)).Count();
        int least = char.IsHighSurrogate(line[0]) && line.Length > 1 ? 2 : 1;
        string found = line[..Math.Clamp(length, least, Math.Max(least, Math.Min(line.Length, LongestWord)))];
        return $"\"{VisibleText.OneLine(found)}\" cannot stand here";
    }
}
