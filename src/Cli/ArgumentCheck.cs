using System.Globalization;
using System.Numerics;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu;
using IlgpuDistance.Training;

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
        string? meant = found.StartsWith('-') ? null : Synonyms.VerbFor(found) ?? Spelling.Nearest(found, names);
        string problem = found.Length == 0 ? "no verb" : $"unknown verb \"{found}\"";
        string expected = meant is null ? ": expected" : $"; did you mean {meant}? Expected is";
        throw new InputException($"{problem}{expected} {ListOf(names)}; see ilgpu-distance --help");
    }

    /// <summary>Checks all that follows a verb.</summary>
    /// <returns>The arguments, each value joined to its option, so that <c>--lr -.5</c> is not taken for two options.</returns>
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
        return check._checked;
    }

    /// <summary>A dash begins an option unless it belongs to a number.</summary>
    private static bool LooksLikeOption(string argument) =>
        argument is ['-', ..] && !double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private void TakeWord(string word)
    {
        if (++_words > verb.Values.Count)
            throw Misuse($"\"{word}\": {verb.Name} takes {(verb.Values.Count == 0 ? "options only" : "no second argument")}");
        _checked.Add(word);
    }

    /// <summary>Checks an option, and says whether the next argument is its value.</summary>
    private bool TakeOption(string argument, string? next)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument : argument[..equals];
        VerbOption option = verb.Options.FirstOrDefault(option => option.Name == name) ?? throw Unknown(name);
        if (!_given.Add(name))
            throw Misuse($"{name}: given twice; give it once");
        if (option.IsFlag && equals >= 0)
            throw Misuse($"{argument}: expected no value; give {name} alone, or leave it out");
        if (option.IsFlag)
        {
            _checked.Add(name);
            return false;
        }

        string? value = equals < 0 ? next : argument[(equals + 1)..];
        if (string.IsNullOrEmpty(value) || equals < 0 && LooksLikeOption(value))
            throw Misuse($"{name}: expected {option.Placeholder} after it, found {(string.IsNullOrEmpty(value) ? "nothing" : value)}");
        if (ProblemOf(option, value) is { } expectation)
            throw new InputException($"{name} {value}: expected {expectation}");
        _checked.Add($"{name}={value}");
        return equals < 0;
    }

    /// <summary>What is expected of a value that cannot be read; null where it can.</summary>
    private static string? ProblemOf(VerbOption option, string value)
    {
        if (option.Type.IsEnum)
            return option.Choices.Contains(value.ToLowerInvariant()) ? null : ListOf(option.Choices);
        if (option.Type == typeof(int))
            return ProblemOf(value, int.MinValue, int.MaxValue);
        if (option.Type == typeof(long))
            return ProblemOf(value, long.MinValue, long.MaxValue);
        if (option.Type == typeof(float) && !float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return "a number";
        return null;
    }

    private static string? ProblemOf(string value, long smallest, long largest)
    {
        if (!BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number))
            return "a whole number";
        return number >= smallest && number <= largest ? null : $"a whole number from {smallest} to {largest}";
    }

    private InputException Unknown(string name)
    {
        string[] names = [.. verb.Options.Select(option => option.Name)];
        string? nearest = Synonyms.OptionFor(name, names) ?? Spelling.Nearest(name, names);
        return Misuse($"{name}: {verb.Name} has no such option{(nearest is null ? "" : $"; did you mean {nearest}?")}");
    }

    private InputException Misuse(string problem) =>
        new($"{problem}{(problem.EndsWith('?') ? " See" : "; see")} ilgpu-distance {verb.Name} --help");

    private static string ListOf(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
