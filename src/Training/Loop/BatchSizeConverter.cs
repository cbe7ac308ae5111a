using System.Text.Json;
using System.Text.Json.Serialization;

namespace IlgpuDistance.Training.Loop;

/// <summary>A batch size in JSON: a number, or "full" for all samples.</summary>
internal sealed class BatchSizeConverter : JsonConverter<int>
{
    private const string Full = "full";

    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt32(out int size) => size,
            JsonTokenType.String when reader.ValueTextEquals(Full) => TrainingOptions.FullBatch,
            _ => throw new JsonException(),
        };

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options)
    {
        if (value == TrainingOptions.FullBatch)
            writer.WriteStringValue(Full);
        else
            writer.WriteNumberValue(value);
    }
}
