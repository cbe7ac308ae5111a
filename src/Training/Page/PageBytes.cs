using System.IO.Compression;
using System.Runtime.InteropServices;

namespace IlgpuDistance.Training.Page;

/// <summary>The numbers that a page carries, one after the other, as compressed bytes in base64.</summary>
internal sealed class PageBytes
{
    private readonly List<byte> _bytes = [];

    /// <summary>Adds bytes, and returns the place of the first.</summary>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        int at = _bytes.Count;
        _bytes.AddRange(bytes);
        return at;
    }

    /// <summary>
    /// Adds float32, and returns the place of the first byte: first the lowest byte of each value, then the second of each, and
    /// so on. The bytes of sign and exponent, which are alike, compress together.
    /// </summary>
    public int Add(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        byte[] planes = new byte[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            planes[i % sizeof(float) * values.Length + i / sizeof(float)] = bytes[i];
        return Add(planes);
    }

    /// <summary>All of it, compressed with gzip.</summary>
    public string ToBase64()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(CollectionsMarshal.AsSpan(_bytes));
        return Convert.ToBase64String(compressed.GetBuffer(), 0, (int)compressed.Length);
    }
}
