using System.Globalization;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// How a kind of layer is written in the text of a <see cref="Network"/>: what reads it, writes it, and what help and messages
/// list. <c>name</c>, or with outputs <c>name(N)</c> or <c>name(N, option: value)</c>.
/// </summary>
internal sealed class LayerSyntax
{
    private readonly Func<int, int?, OffsetL2Form, Layer> _create;

    /// <param name="name">The name without arguments.</param>
    /// <param name="meaning">What it computes, in one sentence.</param>
    /// <param name="create">
    /// Makes a layer from its number of outputs (0 without), the index of its option's value (null where it is not said), and the
    /// form that goes without saying for those which have one.
    /// </param>
    internal LayerSyntax(string name, string meaning, Func<int, int?, OffsetL2Form, Layer> create)
    {
        Name = name;
        Meaning = meaning;
        _create = create;
    }

    /// <summary>The name without arguments.</summary>
    public string Name { get; }

    /// <summary>What it computes, in one sentence.</summary>
    public string Meaning { get; }

    /// <summary>The layer with N for its number of outputs, e.g. <c>linear(N)</c>.</summary>
    public string Text => HasWidth ? $"{Name}(N)" : Name;

    /// <summary>Whether it is given its number of outputs.</summary>
    internal bool HasWidth { get; init; } = true;

    /// <summary>What can be said of it besides, if anything.</summary>
    internal LayerOption? Option { get; init; }

    /// <summary>Writes a layer.</summary>
    /// <param name="outputs">Its number of outputs.</param>
    /// <param name="choice">Index of its option's value; the first one goes without saying.</param>
    internal string Write(int outputs, int choice = 0) =>
        choice == 0 ? $"{Name}({outputs})" : $"{Name}({outputs}, {Option!.Key}: {Option.Values[choice]})";

    /// <summary>Reads a layer.</summary>
    /// <param name="arguments">What stands in parentheses, divided at commas.</param>
    /// <param name="defaultForm">The form of each OffsetL2 that does not name its own.</param>
    /// <exception cref="InputException">The arguments are none of this layer; the message does not yet name it.</exception>
    internal Layer Read(string[] arguments, OffsetL2Form defaultForm)
    {
        if (HasWidth)
            return _create(ReadWidth(arguments), ReadOption(arguments), defaultForm);
        if (arguments.Length > 0)
            throw new InputException($"{Name} takes no arguments");
        return _create(0, null, defaultForm);
    }

    private int ReadWidth(string[] arguments)
    {
        if (arguments.Length == 0)
            throw new InputException($"expected the number of outputs, e.g. {Name}(10)");
        if (!int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width < 1)
            throw new InputException($"expected a positive whole number of outputs, found \"{arguments[0]}\"");
        return width;
    }

    private int? ReadOption(string[] arguments)
    {
        if (Option is null)
            return arguments.Length == 1 ? null : throw new InputException($"{Name} takes only the number of outputs");
        string expected = $"{Option.Key}: {string.Join('|', Option.Values)}";
        if (arguments.Length > 2)
            throw new InputException($"too many arguments; expected {Name}(N) or {Name}(N, {expected})");
        if (arguments.Length == 1)
            return null;
        string[] pair = arguments[1].Split(':', StringSplitOptions.TrimEntries);
        if (pair.Length != 2 || !pair[0].Equals(Option.Key, StringComparison.OrdinalIgnoreCase))
            throw new InputException($"expected {expected}, found \"{arguments[1]}\"");
        string value = pair[1].ToLowerInvariant();
        int choice = Array.IndexOf(Option.Values, value);
        return choice >= 0 ? choice : throw new InputException(
            $"expected {string.Join(" or ", Option.Values.Select(known => $"{Option.Key}: {known}"))}, found \"{value}\"");
    }

    /// <summary>One layer with each value of its option.</summary>
    internal IEnumerable<Layer> Examples() => Option is null
        ? [_create(1, null, default)]
        : Enumerable.Range(0, Option.Values.Length).Select(choice => _create(1, choice, default));
}
