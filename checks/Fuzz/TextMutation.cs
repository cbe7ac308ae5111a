using System.Text;
using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>Damage to lines, words and numbers.</summary>
internal static partial class TextMutation
{
    private static readonly string[] Words =
    [
        "", "0", "-1", "-0", "1e308", "-1e308", "1e999", "1e-320", "NaN", "Infinity", "2147483647", "2147483648", "-2147483648",
        "4294967296", "9223372036854775807", "1e20", "0x10", "1_000", "1,5", "٣", "null", "true", "a", "--", "--out", "=", "(",
        ")",
        ">", ":", "..", "/", "\0", "\u001b[31m",
        "\u202e", "\u0085", "\u2028", "[red]", "\t", " ", "\r", new('9', 400), new('x', 5000),
    ];

    /// <summary>Applies one mutation; null where there is nothing to change.</summary>
    public static byte[]? Apply(Random random, byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        return random.Next(3) == 0 ? InLines(random, text) : InWords(random, text);
    }

    private static byte[]? InWords(Random random, string text)
    {
        MatchCollection words = WordPattern().Matches(text);
        if (words.Count == 0)
            return null;
        Match word = words[random.Next(words.Count)];
        string replacement = random.Next(3) switch
        {
            0 => words[random.Next(words.Count)].Value,
            1 => $"{word.Value}{Mutator.Pick(random, Words)}",
            _ => Mutator.Pick(random, Words),
        };
        return Encoding.UTF8.GetBytes($"{text[..word.Index]}{replacement}{text[(word.Index + word.Length)..]}");
    }

    private static byte[] InLines(Random random, string text)
    {
        List<string> lines = [.. text.Split('\n')];
        int at = random.Next(lines.Count), other = random.Next(lines.Count);
        switch (random.Next(5))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(other, lines[at]);
                break;
            case 2:
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
            case 3:
                lines[at] += "\r";
                break;
            default:
                lines.Insert(at, Mutator.Pick(random, Words));
                break;
        }
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    [GeneratedRegex(@"[\w.+-]+")]
    private static partial Regex WordPattern();
}
