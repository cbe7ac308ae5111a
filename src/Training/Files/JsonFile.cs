using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// The JSON files of this program, all written alike: indented, names in camel case, letters of every language as they are,
/// and numbers that JSON does not know (NaN, infinity) as text.
/// </summary>
/// <remarks>
/// Nothing that is read is trusted. The options here refuse null where a type has none, missing and double properties and
/// numbers for names; all that a type cannot say (ranges, lengths, what belongs together) a record checks itself: see
/// <see cref="IChecked"/>. (The serializer's own <see cref="IJsonOnDeserialized"/> comes before missing properties are found.)
/// </remarks>
internal static class JsonFile
{
    /// <summary>How values become JSON.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new TextConverter<Optimizer>(Optimizer.Parse),
            new TextConverter<RateFactors>(RateFactors.Parse),
        },
    };

    /// <summary>Writes a file, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, T content) => AtomicFile.Write(path, stream => Write(stream, content));

    /// <summary>Writes the content of a file.</summary>
    public static void Write<T>(Stream stream, T content)
    {
        JsonSerializer.Serialize(stream, content, Options);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="advice">What to do where it is damaged: a sentence without its full stop.</param>
    /// <exception cref="InputException">
    /// The file is missing, cannot be read, or is not what <see cref="Write{T}(string, T)"/> writes.
    /// </exception>
    public static T Read<T>(string path, string advice) where T : IChecked
    {
        try
        {
            return Parse<T>(File.ReadAllBytes(path));
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: is damaged or not of this program: {error.Message}; {advice}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads a value from JSON in UTF-8, with or without a byte-order mark.</summary>
    /// <exception cref="JsonException">
    /// It is no JSON, or not that of a valid value; the message says where and what is wrong.
    /// </exception>
    public static T Parse<T>(ReadOnlySpan<byte> json) where T : IChecked
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json["\uFEFF"u8.Length..];
        CheckText(json);
        T value = Deserialize<T>(json) ?? throw new JsonException("it is null");
        value.Check();
        return value;
    }

    private static T? Deserialize<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options);
        }
        catch (JsonException error)
        {
            throw new JsonException(JsonProblem.OfValue(json, Options.GetTypeInfo(typeof(T)), error), error);
        }
    }

    /// <summary>Checks what no type can say: that all text is Unicode, and that no element of a list is null.</summary>
    /// <exception cref="JsonException">It is no JSON, or not so.</exception>
    private static void CheckText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new JsonException("its text is not UTF-8");
        if (json.Trim(" \t\r\n"u8).IsEmpty)
            throw new JsonException("the file is empty");
        var reader = new Utf8JsonReader(json);
        // A bit for each level, the innermost the lowest: whether it is a list. The reader allows as many levels as there are
        // bits.
        ulong lists = 0;
        while (ReadToken(ref reader))
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    lists = lists << 1 | 1;
                    break;
                case JsonTokenType.StartObject:
                    lists <<= 1;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    lists >>= 1;
                    break;
                case JsonTokenType.Null when (lists & 1) != 0:
                    throw new JsonException($"a list holds null, at byte {reader.TokenStartIndex}");
                case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped:
                    CheckToken(ref reader);
                    break;
            }
        }
    }

    private static bool ReadToken(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException error)
        {
            throw new JsonException(JsonProblem.OfText(error), error);
        }
    }

    private static void CheckToken(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException($"its text at byte {reader.TokenStartIndex} is no Unicode text", error);
        }
    }
}
