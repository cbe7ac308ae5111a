using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>
/// A name with arguments as text, such as <c>momentum(0.9, nesterov: true)</c>: first those that are known by their place, then
/// those with a name, which may be given in any order. Names are case-insensitive; white space is free.
/// </summary>
internal sealed partial class CallText
{
    private readonly List<string> _places = [];
    private readonly Dictionary<string, string> _named = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _text;
    private readonly Setting _setting;

    /// <summary>Reads the text.</summary>
    /// <param name="setting">What is read, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InputException">It is no name with arguments.</exception>
    public CallText(Setting setting, string text)
    {
        (_setting, _text) = (setting, text.Trim());
        Match match = Pattern().Match(_text);
        if (!match.Success)
            throw Error("expected a name, or a name with arguments in parentheses, e.g. name(0.9, key: value)");
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
    public int Count(string key, int otherwise, bool hasPlace = false) =>
        Take(key, hasPlace) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
        : throw Error($"{key} is \"{text}\"; expected a whole number");

    /// <summary>Takes an argument that is true or false; false where it is not given.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public bool Flag(string key) => Take(key, hasPlace: false)?.ToLowerInvariant() switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Error($"{key} is \"{text}\"; expected true or false"),
    };

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
    public InputException Error(string problem) => new($"{_setting} \"{_text}\": {problem}");

    /// <summary>Writes a name with those arguments that are there.</summary>
    public static string Write(string name, params IEnumerable<string?> arguments)
    {
        string[] given = [.. arguments.OfType<string>()];
        return given.Length == 0 ? name : $"{name}({string.Join(", ", given)})";
    }

    /// <summary>An argument as it is written; null where it has the value that goes without saying.</summary>
    public static string? Write(string key, double value, double otherwise) =>
        value == otherwise ? null : $"{key}: {Write(value)}";

    /// <summary>A number as it is written.</summary>
    public static string Write(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private string? Take(string key, bool hasPlace)
    {
        if (_named.Remove(key, out string? named))
            return named;
        if (!hasPlace || _places.Count == 0)
            return null;
        string text = _places[0];
        _places.RemoveAt(0);
        return text;
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z][A-Za-z0-9-]*)\s*(\((?<arguments>[^()]*)\))?$")]
    private static partial Regex Pattern();
}
