using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// The values of something that an experiment varies, as text: a list with commas, or with semicolons where a value has commas
/// of its own (those in parentheses divide nothing); in each value alternatives with bars, which end where an argument or a layer
/// does, and ranges (<see cref="ValueRange"/>). <c>linear(32|64) > abs|relu > linear(10)</c> is four networks.
/// </summary>
internal static class VariedValues
{
    /// <summary>The most values of one option.</summary>
    public const int Most = ValueRange.MostNumbers;

    /// <summary>What ends an alternative.</summary>
    private const string Delimiters = ">,:=";

    /// <summary>Reads a list.</summary>
    /// <param name="text">The list.</param>
    /// <exception cref="InputException">A value is missing, a range leads nowhere, or there are too many values.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        string[] values = DividedText.At(text.Contains(';') ? ';' : ',', text);
        // A list may end with a semicolon, which makes one value of what has commas.
        if (values.Length > 1 && values[^1].Length == 0 && text.Contains(';'))
            values = values[..^1];
        return Expand(values);
    }

    /// <summary>Reads values that are divided already.</summary>
    /// <inheritdoc cref="Parse"/>
    public static IReadOnlyList<string> Expand(IEnumerable<string> values)
    {
        var all = new List<string>();
        foreach (string value in values)
        {
            if (string.IsNullOrWhiteSpace(value))
                throw new InputException("a value is missing; expected one between each two commas");
            all.AddRange(Alternatives(ValueRange.Expand(value.Trim())));
            Check(all.Count);
        }
        return [.. all.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>All texts that choosing one of each alternatives gives, the last of them changing first.</summary>
    private static List<string> Alternatives(string text)
    {
        List<string> texts = [""];
        foreach (string part in Parts(text))
        {
            string core = part.Trim();
            int at = part.IndexOf(core, StringComparison.Ordinal);
            string[] choices = DividedText.At('|', core);
            if (choices.Length > 1 && choices.Contains(""))
                throw new InputException($"{text}: an alternative is missing; expected one on either side of each bar");
            string[] chosen = [.. choices.SelectMany(InCall)];
            Check((long)texts.Count * chosen.Length);
            // What stands around the alternatives stays as it is.
            string before = part[..at], after = part[(at + core.Length)..];
            texts = [.. texts.SelectMany(_ => chosen, (begun, choice) => begun + before + choice + after)];
        }
        return texts;
    }

    /// <summary>The alternatives in the parentheses of a call.</summary>
    private static IEnumerable<string> InCall(string call)
    {
        int open = call.IndexOf('('), close = call.LastIndexOf(')');
        if (open < 0 || close < open || !call.Contains('|'))
            return [call];
        string arguments = call[(open + 1)..close];
        return arguments.Contains('(')
            ? throw new InputException($"{call}: expected no alternatives in parentheses within parentheses")
            : Alternatives(arguments).Select(inside => call[..(open + 1)] + inside + call[close..]);
    }

    /// <summary>Divides a text before and after each delimiter that stands in no parentheses.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth > 0 || !Delimiters.Contains(text[i]))
                continue;
            if (i > start)
                yield return text[start..i];
            yield return text[i..(i + 1)];
            start = i + 1;
        }
        if (start < text.Length)
            yield return text[start..];
    }

    private static void Check(long count)
    {
        if (count > Most)
            throw new InputException($"there are more than {Most:N0} values; expected fewer");
    }
}
