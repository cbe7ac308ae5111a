using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuDistance.Gpu;

namespace IlgpuDistance.Training;

/// <summary>
/// The JSON files of this program, all written alike: indented, names in camel case, letters of every language as they are,
/// and numbers that JSON does not know (NaN, infinity) as text.
/// </summary>
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
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a file, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, T content) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, content, Options);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file is missing, cannot be read, or is not what <see cref="Write"/> writes.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options) ?? throw new JsonException("it holds nothing");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: is damaged or of another version of this program: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }
}
