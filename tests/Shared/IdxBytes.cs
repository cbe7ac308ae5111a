using System.Buffers.Binary;
using System.IO.Compression;

namespace IlgpuDistance.Tests;

/// <summary>IDX files as bytes, written after the format's definition and independently of the reader.</summary>
internal static class IdxBytes
{
    public static byte[] Images(int count, int height, int width, byte[] pixels) =>
        [0, 0, 8, 3, .. BigEndian(count), .. BigEndian(height), .. BigEndian(width), .. pixels];

    /// <summary>Images whose pixel i is i modulo 256.</summary>
    public static byte[] Images(int count, int height, int width) =>
        Images(count, height, width, [.. Enumerable.Range(0, count * height * width).Select(i => (byte)i)]);

    public static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, .. BigEndian(labels.Length), .. labels];

    public static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Gzip(byte[] contents)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(contents);
        return compressed.ToArray();
    }

    /// <summary>Labels as QMNIST has them: 8 big-endian numbers for each image, the first of which is the class.</summary>
    public static byte[] ExtendedLabels(params int[] labels) =>
        [0, 0, 12, 2, .. BigEndian(labels.Length), .. BigEndian(8),
            .. labels.SelectMany((label, i) => new[] { label, 4, 1000 + i, 0, 30 + label, i, 0, 0 }).SelectMany(BigEndian)];

    /// <summary>Four sound files of a small data set: 6 training and 3 test images of 3×2 in 3 classes.</summary>
    /// <param name="folder">The folder; it is created where it does not exist.</param>
    /// <param name="train">What the names of the training files begin with.</param>
    /// <param name="test">What the names of the test files begin with.</param>
    public static void WriteSmallSet(string folder, string train = "train", string test = "t10k")
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{train}-images-idx3-ubyte"), Images(6, 3, 2));
        File.WriteAllBytes(Path.Combine(folder, $"{train}-labels-idx1-ubyte"), Labels(0, 1, 2, 0, 1, 2));
        File.WriteAllBytes(Path.Combine(folder, $"{test}-images-idx3-ubyte"), Images(3, 3, 2));
        File.WriteAllBytes(Path.Combine(folder, $"{test}-labels-idx1-ubyte"), Labels(2, 1, 0));
    }
}
