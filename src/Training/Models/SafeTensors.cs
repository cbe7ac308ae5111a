using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// The safetensors format (https://github.com/huggingface/safetensors): the length of the header in 8 bytes, little-endian;
/// the header, JSON, which gives each tensor's dtype, shape and place; then the values of all tensors, little-endian and
/// row-major, without gaps.
/// </summary>
internal static class SafeTensors
{
    /// <summary>The key in the header under which the metadata stand.</summary>
    internal const string MetadataKey = "__metadata__";

    /// <summary>Bytes before the header.</summary>
    internal const int PrefixBytes = 8;

    private const int HeaderAlignment = 8;

    /// <summary>Writes a file of float32 tensors, atomically.</summary>
    /// <exception cref="ArgumentException">A tensor's values do not fill its shape.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TensorFile file)
    {
        byte[] header = Header(file);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (NamedTensor tensor in file.Tensors)
                stream.Write(Bytes(tensor.Values.Span));
        });
    }

    /// <summary>Reads a file whose tensors are F32, F64, F16 or BF16 as float32.</summary>
    /// <exception cref="Gpu.Errors.InputException">
    /// The file is missing, damaged or holds other types; the message says where.
    /// </exception>
    public static TensorFile Read(string path) => new SafeTensorsReader(path).Read();

    private static byte[] Header(TensorFile file)
    {
        using var buffer = new MemoryStream();
        // Nothing here goes into a web page: escaping '>' would only make the header harder to read.
        using (var json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (file.Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in file.Metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (NamedTensor tensor in file.Tensors)
            {
                long end = offset + (long)sizeof(float) * tensor.Values.Length;
                WriteTensor(json, tensor, offset, end);
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % HeaderAlignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteTensor(Utf8JsonWriter json, NamedTensor tensor, long begin, long end)
    {
        if (tensor.Shape.Aggregate(1L, (product, n) => product * n) != tensor.Values.Length)
        {
            throw new ArgumentException(
                $"{tensor.Name}: {tensor.Values.Length} values do not fill the shape [{string.Join(", ", tensor.Shape)}]");
        }

        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (int size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Values as files hold them: little-endian.</summary>
    internal static byte[] Bytes(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }
}
