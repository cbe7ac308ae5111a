using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// Says in this program's words why JSON cannot be read. The serializer's own sentences name types and positions that mean
/// nothing to whoever has the file; of its errors only the place counts here, and what is there is looked up.
/// </summary>
internal static partial class JsonProblem
{
    private const int LongestValue = 40;

    /// <summary>What is wrong with text that is no JSON, and where.</summary>
    /// <param name="error">What the reader threw.</param>
    public static string OfText(JsonException error) => $"cannot be read as JSON at line {(error.LineNumber ?? 0) + 1}";

    /// <summary>What is wrong with JSON that is not of a type.</summary>
    /// <param name="json">Text that is JSON.</param>
    /// <param name="type">What it should be.</param>
    /// <param name="error">What the serializer threw.</param>
    public static string OfValue(ReadOnlySpan<byte> json, JsonTypeInfo type, JsonException error)
    {
        var reader = new Utf8JsonReader(json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement element = document.RootElement;
        if (Repeated(element) is { } repeated)
            return $"{repeated} appears twice";
        JsonTypeInfo? expected = type;
        string place = "";
        foreach (Match step in Step().Matches(error.Path ?? ""))
        {
            if (Child(element, step) is not { } child)
                break;
            string name = step.Groups["name"].Value;
            place = name.Length == 0 ? place + step.Value : Join(place, name);
            Type? inner = expected?.ElementType
                ?? expected?.Properties.FirstOrDefault(property => property.Name == name)?.PropertyType;
            expected = inner is null ? null : JsonFile.Options.GetTypeInfo(inner);
            element = child;
        }
        if (element.ValueKind == JsonValueKind.Object && expected?.Kind == JsonTypeInfoKind.Object &&
            expected.Properties.FirstOrDefault(property =>
                property.IsRequired && !element.TryGetProperty(property.Name, out _)) is { } missing)
        {
            return $"{Join(place, missing.Name)} is missing";
        }
        string found = element.GetRawText();
        found = VisibleText.OneLine(found.Length > LongestValue ? $"{found[..LongestValue]}…" : found);
        return $"{(place.Length == 0 ? "it" : place)} is {found}; expected " +
            $"{(expected is null ? "another value" : Describe(expected))}";
    }

    /// <summary>The first property that an object has twice, with its place; null where there is none.</summary>
    /// <param name="element">The object, or whatever holds some.</param>
    /// <param name="place">Where it lies.</param>
    public static string? Repeated(JsonElement element, string place = "") => element.ValueKind switch
    {
        JsonValueKind.Object => RepeatedIn(element, place),
        JsonValueKind.Array => element.EnumerateArray().Select((item, i) => Repeated(item, $"{place}[{i}]"))
            .FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static string? RepeatedIn(JsonElement element, string place)
    {
        var names = new HashSet<string>();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string inner = Join(place, property.Name);
            if (!names.Add(property.Name))
                return inner;
            if (Repeated(property.Value, inner) is { } found)
                return found;
        }
        return null;
    }

    private static JsonElement? Child(JsonElement element, Match step)
    {
        if (step.Groups["index"] is { Success: true } index)
        {
            return element.ValueKind == JsonValueKind.Array
                ? element.EnumerateArray().ElementAtOrDefault(int.Parse(index.Value, CultureInfo.InvariantCulture))
                : null;
        }

        return element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(step.Groups["name"].Value, out JsonElement child) ? child : null;
    }

    private static string Join(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    private static string Describe(JsonTypeInfo expected)
    {
        Type type = Nullable.GetUnderlyingType(expected.Type) ?? expected.Type;
        if (type.IsEnum)
            return string.Join(" or ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName));
        return expected.Kind switch
        {
            JsonTypeInfoKind.Enumerable => "a list",
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(float) || type == typeof(double) => "a number",
            _ when type == typeof(int) => $"a whole number from {int.MinValue} to {int.MaxValue}",
            _ when type == typeof(long) => $"a whole number from {long.MinValue} to {long.MaxValue}",
            _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => "a date and time, such as 2025-01-31T12:00:00Z",
            _ => "another value",
        };
    }

    /// <summary>A step of a path such as <c>$.models[0].options['a b']</c>.</summary>
    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\[(?<index>\d+)\]|\['(?<name>.*?)'\]")]
    private static partial Regex Step();
}
