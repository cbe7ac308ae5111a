using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// Reads one safetensors file. Nothing in the file is trusted: every length is compared with the file's before memory is
/// allocated for it.
/// </summary>
internal sealed class SafeTensorsReader(string path)
{
    /// <summary>The format's own limit for the header.</summary>
    private const long LargestHeaderBytes = 100_000_000;

    private sealed record Entry(string Name, string Type, int TypeBytes, IReadOnlyList<int> Shape, long Begin, long End);

    public TensorFile Read()
    {
        if (Directory.Exists(path))
            throw new InputException($"{path}: is a folder where a file is expected; {SavedModel.AdviceOn(path)}");
        if (!ModelZoo.IsNamedBy(path) && !File.Exists(path))
        {
            string advice = ModelZoo.Find(path) is { } known ? $"the trained network is {known}" : "name a safetensors file";
            throw new InputException($"{path}: there is no such file; {advice}");
        }
        try
        {
            using Stream stream = ModelZoo.Open(path);
            var (metadata, entries) = Parse(ReadHeader(stream));
            long dataStart = stream.Position;
            CheckLayout(entries, stream.Length - dataStart);
            TensorFile file = new(metadata, [.. entries.Select(entry => ReadTensor(stream, dataStart, entry))]);
            stream.Position = 0;
            return file with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(stream)) };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    private InputException Damaged(string problem, Exception? cause = null)
    {
        string message = $"{path}: not a valid safetensors file: {problem}";
        return cause is null ? new InputException(message) : new InputException(message, cause);
    }

    private byte[] ReadHeader(Stream stream)
    {
        if (stream.Length < SafeTensors.PrefixBytes)
            throw Damaged($"{stream.Length} bytes, shorter than the length of the header");
        Span<byte> prefix = stackalloc byte[SafeTensors.PrefixBytes];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long available = stream.Length - SafeTensors.PrefixBytes;
        if (length > (ulong)available || length > LargestHeaderBytes)
        {
            // Whatever else begins with text or a signature has a huge length here.
            CheckForeign(stream);
            throw Damaged(length > (ulong)available
                ? $"the header is said to have {length:N0} bytes, but only {available:N0} follow"
                : $"the header is said to have {length:N0} bytes, more than the {LargestHeaderBytes:N0} that the format allows");
        }
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    /// <summary>Says what a file is that is no safetensors file, if that is known.</summary>
    private void CheckForeign(Stream stream)
    {
        stream.Position = 0;
        byte[] start = new byte[Math.Min(stream.Length, ForeignModel.StartBytes)];
        stream.ReadExactly(start);
        if (ForeignModel.Describe(start) is { } description)
            throw new InputException($"{path}: {description}");
    }

    /// <summary>
    /// The metadata, and where the tensors lie. As in the format's reference implementation, white space may come before the
    /// header's first brace, although the format's description says otherwise.
    /// </summary>
    private (Dictionary<string, string> Metadata, List<Entry> Entries) Parse(byte[] header)
    {
        if (!Utf8.IsValid(header))
            throw Damaged("the header is not Unicode text in UTF-8");
        var metadata = new Dictionary<string, string>();
        var entries = new List<Entry>();
        try
        {
            using JsonDocument json = JsonDocument.Parse(header);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Damaged("the header is no JSON object");
            if (JsonProblem.Repeated(json.RootElement) is { } repeated)
                throw Damaged($"{repeated} appears twice in the header");
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                if (!property.NameEquals(SafeTensors.MetadataKey))
                    entries.Add(ReadEntry(property.Name, property.Value));
                else if (property.Value.ValueKind != JsonValueKind.Null)
                    metadata = ReadMetadata(property.Value);
            }
        }
        catch (JsonException error)
        {
            throw Damaged(header.Length == 0 ? "the header is empty" : $"the header {JsonProblem.OfText(error)}", error);
        }
        catch (InvalidOperationException error)
        {
            // What System.Text.Json makes of an escaped half of a surrogate pair.
            throw Damaged("a name or text in the header is not Unicode: it has one half of a surrogate pair", error);
        }
        return (metadata, entries);
    }

    private Dictionary<string, string> ReadMetadata(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Damaged($"{SafeTensors.MetadataKey} is no object");
        var metadata = new Dictionary<string, string>();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw Damaged($"{SafeTensors.MetadataKey}: {property.Name} is no text");
            metadata.Add(property.Name, property.Value.GetString()!);
        }
        return metadata;
    }

    private Entry ReadEntry(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Damaged($"tensor {name} is described by no object");
        if (!element.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String)
            throw Damaged($"tensor {name} has no dtype");
        int typeBytes = type.GetString() switch
        {
            "F32" => 4,
            "F64" => 8,
            "F16" or "BF16" => 2,
            var other =>
                throw new InputException($"{path}: tensor {name} has the dtype {other}; F32, F64, F16 and BF16 can be read"),
        };
        int[] shape = [.. ReadIntegers(name, element, "shape").Select(size => size <= int.MaxValue
            ? (int)size
            : throw Damaged($"tensor {name}: a size of {size:N0} in its shape is too large"))];
        if (ReadIntegers(name, element, "data_offsets") is not [long begin, long end])
            throw Damaged($"tensor {name}: data_offsets must be two numbers");
        return new Entry(name, type.GetString()!, typeBytes, shape, begin, end);
    }

    private long[] ReadIntegers(string name, JsonElement element, string key)
    {
        if (!element.TryGetProperty(key, out JsonElement array) || array.ValueKind != JsonValueKind.Array)
            throw Damaged($"tensor {name} has no list {key}");
        return [.. array.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long value) && value >= 0
                ? value
                : throw Damaged($"tensor {name}: {key} holds {item.GetRawText()}, which is no size"))];
    }

    /// <summary>
    /// Checks that the tensors fill the bytes after the header: one after the other, nothing shared, nothing left.
    /// </summary>
    private void CheckLayout(IEnumerable<Entry> entries, long dataBytes)
    {
        long position = 0;
        foreach (Entry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.End < entry.Begin || entry.End > dataBytes)
            {
                throw Damaged(
                    $"tensor {entry.Name}: bytes {entry.Begin:N0} to {entry.End:N0} do not lie in the {dataBytes:N0} after " +
                    $"the header");
            }

            if (entry.Begin != position)
            {
                throw Damaged(
                    $"tensor {entry.Name} begins at byte {entry.Begin:N0}, but the one before it ends at {position:N0}");
            }
            // UInt128 holds the product of any two factors below 2⁶⁴; the first product that exceeds the file ends the loop.
            UInt128 needed = (UInt128)entry.TypeBytes;
            foreach (int size in entry.Shape.Order())
                needed = needed > ulong.MaxValue ? needed : needed * (UInt128)size;
            if (needed != (UInt128)(entry.End - entry.Begin))
            {
                throw Damaged(
                    $"tensor {entry.Name}: {entry.End - entry.Begin:N0} bytes do not fit {entry.Type} " +
                    $"[{string.Join(", ", entry.Shape)}]");
            }

            position = entry.End;
        }
        if (position != dataBytes)
            throw Damaged($"{dataBytes - position:N0} bytes at the end belong to no tensor");
    }

    private NamedTensor ReadTensor(Stream stream, long dataStart, Entry entry)
    {
        long bytes = entry.End - entry.Begin;
        if (bytes > Array.MaxLength)
            throw new InputException($"{path}: tensor {entry.Name} has {bytes:N0} bytes, more than can be read");
        byte[] data = HostMemory.Allocate<byte>(bytes, $"{path}: tensor {entry.Name}");
        stream.Position = dataStart + entry.Begin;
        stream.ReadExactly(data);
        float[] values = HostMemory.Allocate<float>(bytes / entry.TypeBytes, $"{path}: tensor {entry.Name}");
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = data.AsSpan(i * entry.TypeBytes);
            values[i] = entry.Type switch
            {
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(at),
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                // BF16 is the upper half of a float32.
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(at) << 16),
            };
        }
        return new NamedTensor(entry.Name, entry.Shape, values);
    }
}
