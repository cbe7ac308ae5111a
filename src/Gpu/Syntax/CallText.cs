using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Syntax;

/// <summary>
/// A name with arguments as text, such as <c>momentum(0.9, nesterov: true)</c>: first those that are known by their place, then
/// those with a name, which may be given in any order. Names are case-insensitive; white space is free.
/// </summary>
internal sealed partial class CallText
{
    private readonly List<string> _places = [];
    private readonly Dictionary<string, string> _named = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _text;
    private readonly Wording _subject;
    private readonly (string Key, string Value)[] _otherwise;

    /// <summary>Reads the text.</summary>
    /// <param name="subject">What is read: how messages begin.</param>
    /// <param name="text">The text.</param>
    /// <param name="otherwise">Arguments that are taken where the text has none with these names.</param>
    /// <exception cref="InputException">It is no name with arguments.</exception>
    public CallText(Wording subject, string text, params (string Key, string Value)[] otherwise)
    {
        (_subject, _text, _otherwise) = (subject, text.Trim(), otherwise);
        Match match = Pattern().Match(_text);
        if (!match.Success)
            throw Error("expected a name, or a name with arguments in parentheses, e.g. name(10, key: value)");
        Name = match.Groups["name"].Value.ToLowerInvariant();
        string arguments = match.Groups["arguments"].Value;
        foreach (string argument in string.IsNullOrWhiteSpace(arguments)
            ? []
            : arguments.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = argument.Split(':', StringSplitOptions.TrimEntries);
            if (pair.Length > 2 || pair.Any(part => part.Length == 0))
                throw Error($"expected a value or key: value, found \"{argument}\"");
            if (pair.Length == 2 && !_named.TryAdd(pair[0], pair[1]))
                throw Error($"{pair[0]} is given twice");
            if (pair.Length == 1 && _named.Count > 0)
                throw Error($"\"{argument}\" stands behind an argument with a name; expected key: value");
            if (pair.Length == 1)
                _places.Add(argument);
        }
    }

    /// <summary>The name, in lower case.</summary>
    public string Name { get; }

    /// <summary>Takes an argument that is a number.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="otherwise">Its value where it is not given.</param>
    /// <param name="hasPlace">Whether it is the next of those that are known by their place.</param>
    /// <exception cref="InputException">It is no finite number.</exception>
    public double Number(string key, double otherwise, bool hasPlace = false) =>
        Take(key, hasPlace) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
        : throw Error($"{key} is \"{text}\"; expected a number");

    /// <summary>Takes an argument that is a whole number.</summary>
    /// <inheritdoc cref="Number"/>
    public int Count(string key, int? otherwise, bool hasPlace = false) =>
        Take(key, hasPlace) is not { } text ? otherwise ?? throw Error($"expected the number of {key}, e.g. {Name}(100)")
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
        : throw Error($"{key} is \"{text}\"; expected a whole number");

    /// <summary>Takes the number of outputs of a layer, the first argument.</summary>
    /// <exception cref="InputException">It is missing or no positive whole number.</exception>
    public int Outputs()
    {
        string text = Take("outputs", hasPlace: true) ?? throw Error($"expected the number of outputs, e.g. {Name}(10)");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int outputs) && outputs > 0
            ? outputs
            : throw Error($"expected a positive whole number of outputs, found \"{text}\"");
    }

    /// <summary>Takes an argument that is one of some words.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="otherwise">Its value where it is not given.</param>
    /// <param name="words">The words.</param>
    /// <returns>The index of the word.</returns>
    /// <exception cref="InputException">It is none of them.</exception>
    public int Choice(string key, int otherwise, params string[] words)
    {
        if (Take(key, hasPlace: false)?.ToLowerInvariant() is not { } text)
            return otherwise;
        int index = Array.IndexOf(words, text);
        return index >= 0 ? index : throw Error($"{key} is \"{text}\"; expected {string.Join(" or ", words)}");
    }

    /// <summary>Takes an argument that is true or false.</summary>
    /// <inheritdoc cref="Number"/>
    public bool Flag(string key, bool otherwise) => Choice(key, otherwise ? 1 : 0, "false", "true") == 1;

    /// <summary>Says that all arguments have been taken that there can be.</summary>
    /// <exception cref="InputException">There are others.</exception>
    public void End(string syntax)
    {
        if (_places.Count > 0)
            throw Error($"\"{_places[0]}\" is one argument too many; expected {syntax}");
        if (_named.Count > 0)
            throw Error($"unknown argument \"{_named.Keys.First()}\"; expected {syntax}");
    }

    /// <summary>The error that something is wrong with the text.</summary>
    public InputException Error(string problem) => new($"{_subject} \"{_text}\": {problem}");

    /// <summary>Writes a name with those arguments that are there.</summary>
    public static string Write(string name, params IEnumerable<string?> arguments)
    {
        string[] given = [.. arguments.OfType<string>()];
        return given.Length == 0 ? name : $"{name}({string.Join(", ", given)})";
    }

    /// <summary>An argument as it is written; null where it has the value that goes without saying.</summary>
    public static string? Write(string key, double value, double otherwise) =>
        value == otherwise ? null : $"{key}: {Write(value)}";

    /// <summary>A layer with its number of outputs and those arguments that are there.</summary>
    public static string Write(string name, int outputs, string? argument = null) =>
        Write(name, outputs.ToString(CultureInfo.InvariantCulture), argument);

    /// <summary>A number as it is written.</summary>
    public static string Write(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private string? Take(string key, bool hasPlace)
    {
        if (_named.Remove(key, out string? named))
            return named;
        if (!hasPlace || _places.Count == 0)
            return _otherwise.FirstOrDefault(argument => argument.Key == key).Value;
        string text = _places[0];
        _places.RemoveAt(0);
        return text;
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z][A-Za-z0-9-]*)\s*(\((?<arguments>[^()]*)\))?$")]
    private static partial Regex Pattern();
}
