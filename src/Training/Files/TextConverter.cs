using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Files;

/// <summary>What users write as text is text in JSON, too.</summary>
/// <param name="parse">Reads it; the other way it is its ToString().</param>
internal class TextConverter<T>(Func<string, T> parse) : JsonConverter<T> where T : class
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        try
        {
            return parse(reader.GetString()!);
        }
        catch (InputException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
