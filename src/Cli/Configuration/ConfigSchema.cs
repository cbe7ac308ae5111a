using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Cli.Verbs;

namespace IlgpuDistance.Cli.Configuration;

/// <summary>The JSON schema of files of options, made from the options; editors use it for TOML, too.</summary>
internal static class ConfigSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the schema for a verb.</summary>
    public static string Of(VerbDescription verb)
    {
        var properties = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string" } };
        foreach (VerbOption option in ConfigFile.OptionsOf(verb))
            properties[option.Key] = PropertyOf(option);
        properties[ConfigFile.VaryKey] = new JsonObject
        {
            ["description"] = verb.Options.First(option => option.Key == ConfigFile.VaryKey).Help,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(Variation.Options.Select(option => KeyValuePair.Create<string, JsonNode?>(
                option.Key, new JsonObject { ["description"] = option.Help, ["$ref"] = "#/$defs/values" }))),
        };
        var value = new JsonObject { ["type"] = Types(["string", "number", "boolean"]) };
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"Options of ilgpu-distance {verb.Name}",
            ["description"] = $"What \"ilgpu-distance {verb.Name} --{ConfigFile.ConfigKey} FILE\" reads.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
            ["$defs"] = new JsonObject
            {
                ["value"] = value,
                ["values"] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["$ref"] = "#/$defs/value" },
                        new JsonObject
                        {
                            ["type"] = "array",
                            ["minItems"] = 1,
                            ["items"] = new JsonObject { ["$ref"] = "#/$defs/value" },
                        }),
                },
            },
        }.ToJsonString(Indented) + "\n";
    }

    private static JsonObject PropertyOf(VerbOption option)
    {
        string[] types = [.. ConfigFile.KindsOf(option).Select(TypeOf).Distinct()];
        // Every whole number is a number.
        types = types.Contains("number") ? ["number"] : types;
        var property = new JsonObject { ["description"] = option.Help, ["type"] = Types(types) };
        if (option.Choices.Count > 0)
            property["enum"] = Types([.. option.Choices]);
        if (option.Key == "models")
        {
            property["type"] = Types(["string", "array"]);
            property["items"] = new JsonObject { ["type"] = "string" };
            property["minItems"] = 1;
        }
        if (option.Default.Length > 0)
            property["default"] = DefaultOf(option);
        return property;
    }

    private static JsonNode DefaultOf(VerbOption option) =>
        option.Type == typeof(int) || option.Type == typeof(long) ? long.Parse(option.Default, CultureInfo.InvariantCulture)
        : option.Type == typeof(float) ? double.Parse(option.Default, CultureInfo.InvariantCulture)
        : option.Default;

    private static JsonNode Types(string[] types) =>
        types.Length == 1 ? types[0] : new JsonArray([.. types.Select(type => JsonValue.Create(type))]);

    private static string TypeOf(ConfigKind kind) => kind switch
    {
        ConfigKind.Flag => "boolean",
        ConfigKind.Integer => "integer",
        ConfigKind.Number => "number",
        _ => "string",
    };
}
