using System.Buffers.Binary;
using System.IO.Compression;
using IlgpuDistance.Gpu;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// The contents of an IDX file, plain or gzip: a magic number 00 00 TYPE RANK, RANK dimensions as 32-bit big-endian
/// numbers, then the values row-major. MNIST and its relatives hold unsigned bytes (type 08): images of rank 3, labels
/// of rank 1. Everything that can be wrong with such a file is reported as an <see cref="InputException"/>.
/// </summary>
internal sealed class IdxFile
{
    private const byte UnsignedByte = 0x08;

    /// <summary>The sizes, e.g. [images, rows, columns].</summary>
    public int[] Dimensions { get; }

    /// <summary>The values, row-major.</summary>
    public byte[] Values { get; }

    /// <summary>Length of the uncompressed file.</summary>
    public long Bytes => HeaderLength(Dimensions.Length) + (long)Values.Length;

    /// <summary>MD5 of the uncompressed file.</summary>
    public string Md5 { get; }

    private IdxFile(ReadOnlySpan<byte> header, int[] dimensions, byte[] values)
    {
        Dimensions = dimensions;
        Values = values;
        Md5 = Md5Sum.Of(header, values);
    }

    /// <summary>Reads images: [images, rows, columns].</summary>
    /// <exception cref="InputException">The file cannot be read or is not what it should be.</exception>
    public static IdxFile ReadImages(string path) => Read(path, rank: 3);

    /// <summary>Reads labels: [labels].</summary>
    /// <exception cref="InputException">The file cannot be read or is not what it should be.</exception>
    public static IdxFile ReadLabels(string path) => Read(path, rank: 1);

    private static IdxFile Read(string path, int rank)
    {
        try
        {
            using FileStream file = Open(path);
            bool compressed = IsGzip(file);
            using Stream contents = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(path, rank, contents, file.Length, compressed);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(path, "the gzip data is damaged", error);
        }
        catch (IOException error)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    private static IdxFile Read(string path, int rank, Stream contents, long fileLength, bool compressed)
    {
        Span<byte> header = stackalloc byte[HeaderLength(rank)];
        int found = contents.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        CheckMagic(path, header[..found], rank);
        if (found < header.Length)
            throw Damaged(path, $"{found} bytes, too few for a header of {header.Length}");

        int length = CountValues(path, header, out int[] dimensions);
        long promised = header.Length + (long)length;
        if (!compressed && fileLength != promised)
            throw Damaged(path, $"{fileLength:N0} bytes where the header promises {promised:N0}");

        // Most often right at once for a compressed file, and exact for a plain one.
        byte[] values = ReadGrowing(contents, length, firstGuess: 8 * fileLength, out int read);
        if (read < length)
        {
            throw Damaged(
                path, $"{header.Length + (long)read:N0} bytes after decompression where the header promises {promised:N0}");
        }
        if (contents.ReadByte() >= 0)
            throw Damaged(path, $"more bytes after decompression than the {promised:N0} that the header promises");
        return new IdxFile(header, dimensions, values);
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path}: is a folder where a file is expected; put the file in its place");
        FileStream file;
        try
        {
            // Another process may replace the file with a fresh download while this one reads.
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException($"{path}: no permission to read the file; change its permissions", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file", error);
        }
        if (file.Length > 0)
            return file;
        file.Dispose();
        throw Damaged(path, "the file is empty");
    }

    /// <summary>Whether the contents are gzip, whatever the name says: browsers unpack .gz files and keep the name.</summary>
    private static bool IsGzip(FileStream file)
    {
        bool result = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return result;
    }

    private static void CheckMagic(string path, ReadOnlySpan<byte> header, int rank)
    {
        if (header.Length >= 4 && header[..4].SequenceEqual((ReadOnlySpan<byte>)[0, 0, UnsignedByte, (byte)rank]))
            return;
        string expected = $"{KindOf(UnsignedByte, rank)} (magic number 0x{UnsignedByte << 8 | rank:X8})";
        if (header.Length < 4 || header[0] != 0 || header[1] != 0)
        {
            string start = string.Join(' ', header[..Math.Min(4, header.Length)].ToArray().Select(value => $"{value:X2}"));
            throw Damaged(path, $"not an IDX file: it begins with {(start == "" ? "nothing" : start)} where {expected} are expected");
        }
        throw new InputException(
            $"{path}: an IDX file of {KindOf(header[2], header[3])} (magic number 0x{header[2] << 8 | header[3]:X8}) " +
            $"where {expected} are expected; check that the files are not swapped");
    }

    private static string KindOf(byte type, int rank)
    {
        string name = type switch
        {
            0x08 => "unsigned bytes",
            0x09 => "signed bytes",
            0x0B => "16-bit integers",
            0x0C => "32-bit integers",
            0x0D => "32-bit floats",
            0x0E => "64-bit floats",
            _ => $"unknown type 0x{type:X2}",
        };
        return (type, rank) switch
        {
            (UnsignedByte, 1) => "labels",
            (UnsignedByte, 3) => "images",
            _ => $"{name} with {rank} dimensions",
        };
    }

    private static int CountValues(string path, ReadOnlySpan<byte> header, out int[] dimensions)
    {
        dimensions = new int[(header.Length - 4) / 4];
        UInt128 count = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * i)..]);
            if (size == 0)
                throw Damaged(path, $"the header states size 0 for dimension {i + 1} of {dimensions.Length}");
            count *= size;
            dimensions[i] = (int)Math.Min(size, int.MaxValue);
        }
        if (count > (UInt128)Array.MaxLength)
            throw Damaged(path, $"the header promises {count:N0} values, more than the {Array.MaxLength:N0} that can be held");
        return (int)count;
    }

    /// <summary>
    /// Reads up to <paramref name="length"/> values; memory grows with what arrives, so that a header that lies costs none.
    /// </summary>
    private static byte[] ReadGrowing(Stream contents, int length, long firstGuess, out int read)
    {
        var values = new byte[Math.Min(length, firstGuess)];
        read = 0;
        while (true)
        {
            read += contents.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length || values.Length == length)
                return values;
            Array.Resize(ref values, (int)Math.Min(length, 2L * values.Length));
        }
    }

    private static int HeaderLength(int rank) => 4 + 4 * rank;

    private static InputException Damaged(string path, string problem, Exception? cause = null)
    {
        string message = $"{path}: {problem}; download the file again";
        return cause is null ? new InputException(message) : new InputException(message, cause);
    }
}
