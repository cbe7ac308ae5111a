using System.Text;
using System.Text.Json;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Cli.Configuration;

/// <summary>Reads JSON; with places, which no document of .NET's has.</summary>
internal static class JsonConfig
{
    /// <summary>Reads a text.</summary>
    /// <param name="file">The file that it is from, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InputException">It is no JSON, or names a key twice; the message says where.</exception>
    public static ConfigValue Parse(string file, string text)
    {
        byte[] json = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            ConfigValue root = Read(file, json, ref reader);
            reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            long start = LineStart(json, error.LineNumber ?? 0);
            int at = (int)Math.Min(start + (error.BytePositionInLine ?? 0), json.Length);
            // The reader does not count the level whose beginning it has refused.
            bool isTooDeep = reader.CurrentDepth + 1 >= reader.CurrentState.Options.MaxDepth;
            string problem = isTooDeep ? "its lists and tables are nested too deeply"
                : ConfigText.Unexpected(Encoding.UTF8.GetString(json.AsSpan(at)));
            throw new InputException($"{PlaceOf(file, json, at)}: is no JSON: {problem}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new InputException(
                $"{PlaceOf(file, json, reader.TokenStartIndex)}: is no JSON: its text is no Unicode text", error);
        }
    }

    private static ConfigValue Read(string file, byte[] json, ref Utf8JsonReader reader)
    {
        ConfigPlace place = PlaceOf(file, json, reader.TokenStartIndex);
        ConfigValue Scalar(ConfigKind kind, string text) => new(kind, text, place);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<ConfigEntry>();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    ConfigPlace at = PlaceOf(file, json, reader.TokenStartIndex);
                    string key = reader.GetString()!;
                    if (entries.Any(entry => entry.Key == key))
                        throw new InputException($"{at}: {key} is given twice; give it once");
                    reader.Read();
                    entries.Add(new ConfigEntry(key, at, Read(file, json, ref reader)));
                }
                return Scalar(ConfigKind.Table, "") with { Entries = entries };
            case JsonTokenType.StartArray:
                var items = new List<ConfigValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(file, json, ref reader));
                return Scalar(ConfigKind.List, "") with { Items = items };
            case JsonTokenType.String:
                return Scalar(ConfigKind.Text, reader.GetString()!);
            case JsonTokenType.Number:
                string number = Encoding.UTF8.GetString(reader.ValueSpan);
                bool isInteger = number.All(digit => char.IsAsciiDigit(digit) || digit == '-');
                return Scalar(isInteger ? ConfigKind.Integer : ConfigKind.Number, number);
            case JsonTokenType.True or JsonTokenType.False:
                return Scalar(ConfigKind.Flag, reader.GetBoolean() ? "true" : "false");
            default:
                return Scalar(ConfigKind.Other, "null");
        }
    }

    private static ConfigPlace PlaceOf(string file, byte[] json, long offset)
    {
        ReadOnlySpan<byte> before = json.AsSpan(0, (int)offset);
        int line = before.Count((byte)'\n'), start = before.LastIndexOf((byte)'\n') + 1;
        return new ConfigPlace(file, line + 1, Encoding.UTF8.GetCharCount(before[start..]) + 1);
    }

    /// <summary>The byte at which a line begins, counted from 0.</summary>
    private static int LineStart(ReadOnlySpan<byte> json, long line)
    {
        int start = 0;
        for (; line > 0 && json[start..].IndexOf((byte)'\n') is >= 0 and var end; line--)
            start += end + 1;
        return start;
    }
}
