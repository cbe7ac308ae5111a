using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// A feed-forward network as a list of layers; softmax cross-entropy always follows the last one. Its text form is
/// <c>linear(128) > abs > offset-l2(10, form: reference) > neg</c>. The width of the input comes from the data.
/// </summary>
public sealed partial class Network
{
    /// <summary>The layers, first to last; at least one.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>A network of the given layers.</summary>
    /// <exception cref="InputException">There is no layer.</exception>
    public Network(params IEnumerable<Layer> layers)
    {
        Layers = [.. layers];
        if (Layers.Count == 0)
            throw new InputException("a network needs at least one layer, e.g. \"linear(128) > abs > linear(10)\"");
    }

    /// <summary>The network as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Join(" > ", Layers);

    /// <summary>Reads a network from its text form. Names and keywords are case-insensitive; white space is free.</summary>
    /// <param name="text">E.g. <c>linear(128) > relu > linear(10, bias: false)</c>.</param>
    /// <param name="defaultForm">The form of each OffsetL2 that does not name its own.</param>
    /// <exception cref="InputException">The text is no network; the message names the layer.</exception>
    public static Network Parse(string text, OffsetL2Form defaultForm = OffsetL2Form.Paper)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new Network([]);
        return new Network(text.Split('>').Select((part, i) => ParseLayer(part.Trim(), i + 1, defaultForm)));
    }

    private static Layer ParseLayer(string text, int number, OffsetL2Form defaultForm)
    {
        InputException Error(string problem) => new($"layer {number}, \"{text}\": {problem}");

        var match = LayerPattern().Match(text);
        if (!match.Success)
            throw Error("expected a name, or a name with arguments in parentheses, e.g. linear(10, bias: false)");

        string name = match.Groups["name"].Value.ToLowerInvariant();
        string[] arguments = match.Groups["arguments"] is { Success: true } group && !string.IsNullOrWhiteSpace(group.Value)
            ? group.Value.Split(',', StringSplitOptions.TrimEntries)
            : [];

        int Width()
        {
            if (arguments.Length == 0)
                throw Error($"expected the number of outputs, e.g. {name}(10)");
            if (!int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width < 1)
                throw Error($"expected a positive whole number of outputs, found \"{arguments[0]}\"");
            return width;
        }

        // The value of the only keyword that a layer knows, or null where it is not given.
        string? Keyword(string key, string values)
        {
            if (arguments.Length > 2)
                throw Error($"too many arguments; expected {name}(N) or {name}(N, {key}: {values})");
            if (arguments.Length < 2)
                return null;
            string[] pair = arguments[1].Split(':', StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || !pair[0].Equals(key, StringComparison.OrdinalIgnoreCase))
                throw Error($"expected {key}: {values}, found \"{arguments[1]}\"");
            return pair[1].ToLowerInvariant();
        }

        T Only<T>(T layer, int count)
        {
            if (arguments.Length > count)
                throw Error(count == 0 ? $"{name} takes no arguments" : $"{name} takes only the number of outputs");
            return layer;
        }

        return name switch
        {
            "linear" => new Linear(Width(), Keyword("bias", "true|false") switch
            {
                null or "true" => true,
                "false" => false,
                var other => throw Error($"expected bias: true or bias: false, found \"{other}\""),
            }),
            "offset-l2" => new OffsetL2(Width(), Keyword("form", "paper|reference") switch
            {
                null => defaultForm,
                "paper" => OffsetL2Form.Paper,
                "reference" => OffsetL2Form.Reference,
                var other => throw Error($"expected form: paper or form: reference, found \"{other}\""),
            }),
            "point-slope" => Only(new PointSlope(Width()), 1),
            "abs" => Only(new Abs(), 0),
            "relu" => Only(new ReLU(), 0),
            "neg" => Only(new Neg(), 0),
            _ => throw Error($"unknown layer \"{name}\"; known are {LayerSyntax.Names}"),
        };
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z][A-Za-z0-9-]*)\s*(\((?<arguments>[^()]*)\))?$")]
    private static partial Regex LayerPattern();
}
