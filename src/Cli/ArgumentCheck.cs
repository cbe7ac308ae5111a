using System.Globalization;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli;

/// <summary>
/// Checks the arguments against the verbs before CommandLineParser reads them. It passes over words that it does not expect
/// and options that lack their value; here every wrong use is an error that says what was found and expected.
/// </summary>
internal sealed class ArgumentCheck(VerbDescription verb)
{
    private readonly HashSet<string> _given = [];
    private readonly List<string> _checked = [];
    private int _words;

    /// <summary>Finds the verb that arguments begin with.</summary>
    /// <exception cref="InputException">They begin with none.</exception>
    public static VerbDescription FindVerb(IReadOnlyList<string> arguments, IReadOnlyList<VerbDescription> verbs)
    {
        string found = arguments.Count == 0 ? "" : arguments[0];
        if (verbs.FirstOrDefault(verb => verb.Name == found) is { } verb)
            return verb;
        string[] names = [.. verbs.Select(verb => verb.Name)];
        string list = ValueCheck.ListOf(names), shown = VisibleText.OneLine(found);
        string? meant = Synonyms.VerbFor(found) ?? (found.StartsWith('-') ? null : Spelling.Nearest(found, names));
        string problem =
            meant is not null ? $"unknown verb \"{shown}\"; did you mean {meant}? Expected is {list}" :
            found.Length == 0 ? $"no verb: expected {list}" :
            found.StartsWith('-') ? $"{shown}: options come after a verb; expected {list}" :
            $"unknown verb \"{shown}\": expected {list}";
        throw new InputException($"{problem}; see ilgpu-distance --help");
    }

    /// <summary>Checks all that follows a verb.</summary>
    /// <returns>
    /// The arguments, each value joined to its option, so that <c>--lr -.5</c> is not taken for two options; but values that
    /// begin with a blank, which CommandLineParser does not take there.
    /// </returns>
    /// <exception cref="InputException">Something cannot be understood; the message is one line.</exception>
    public static IReadOnlyList<string> Check(VerbDescription verb, IReadOnlyList<string> arguments)
    {
        var check = new ArgumentCheck(verb);
        for (int i = 0; i < arguments.Count; i++)
        {
            if (!LooksLikeOption(arguments[i]))
                check.TakeWord(arguments[i]);
            else if (check.TakeOption(arguments[i], arguments.ElementAtOrDefault(i + 1)))
                i++;
        }
        if (check._words < verb.Values.Count)
            throw check.Misuse($"{verb.Name}: expected {verb.Values[check._words].MetaName} after it");
        if (verb.Options.FirstOrDefault(option => option.IsRequired && !check._given.Contains(option.Name)) is { } missing)
            throw check.Misuse($"{verb.Name}: expected {missing.Usage}");
        return check._checked;
    }

    /// <summary>A dash begins an option unless it belongs to a number.</summary>
    private static bool LooksLikeOption(string argument) =>
        argument is ['-', ..] && !double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private void TakeWord(string word)
    {
        if (++_words > verb.Values.Count && !verb.TakesMore)
        {
            throw Misuse(
                $"\"{VisibleText.OneLine(word)}\": {verb.Name} takes " +
                $"{(verb.Values.Count == 0 ? "options only" : "no second argument")}");
        }

        string placeholder = verb.Values[Math.Min(_words, verb.Values.Count) - 1].MetaName.TrimEnd('.');
        if (string.IsNullOrWhiteSpace(word))
            throw Misuse($"{verb.Name}: expected {placeholder} after it, found {Found(word)}");
        if (ValueCheck.ProblemOf(placeholder, word) is { } expectation)
            throw new InputException($"{VisibleText.OneLine(word)}: expected {expectation}");
        _checked.Add(word);
    }

    /// <summary>Checks an option, and says whether the next argument is its value.</summary>
    private bool TakeOption(string argument, string? next)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument : argument[..equals];
        VerbOption option = verb.Options.FirstOrDefault(option => option.Name == name) ?? throw Unknown(name);
        if (!_given.Add(name) && !option.IsRepeatable)
            throw Misuse($"{name}: given twice; give it once");
        if (option.IsFlag && equals >= 0)
            throw Misuse($"{argument}: expected no value; give {name} alone, or leave it out");
        if (option.IsFlag)
        {
            _checked.Add(name);
            return false;
        }

        string? value = equals < 0 ? next : argument[(equals + 1)..];
        if (string.IsNullOrWhiteSpace(value) || equals < 0 && LooksLikeOption(value))
            throw Misuse($"{name}: expected {option.Placeholder} after it, found {Found(value)}");
        if (ValueCheck.ProblemOf(option, value) is { } expectation)
            throw new InputException($"{name} {VisibleText.OneLine(value)}: expected {expectation}");
        if (char.IsWhiteSpace(value[0]))
            _checked.AddRange([name, value]);
        else
            _checked.Add($"{name}={value}");
        return equals < 0;
    }

    private static string Found(string? value) =>
        string.IsNullOrEmpty(value) ? "nothing" : string.IsNullOrWhiteSpace(value) ? "only blanks" : VisibleText.OneLine(value);

    private InputException Unknown(string name)
    {
        string[] names = [.. verb.Options.Select(option => option.Name)];
        string? nearest = Synonyms.OptionFor(name, names) ?? Spelling.Nearest(name, names);
        return Misuse($"{name}: {verb.Name} has no such option{(nearest is null ? "" : $"; did you mean {nearest}?")}");
    }

    private InputException Misuse(string problem) =>
        new($"{problem}{(problem.EndsWith('?') ? " See" : "; see")} ilgpu-distance {verb.Name} --help");
}
