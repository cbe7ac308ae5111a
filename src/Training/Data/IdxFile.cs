using System.Buffers.Binary;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// An IDX file, plain or gzip: a magic number 00 00 TYPE RANK, RANK dimensions as 32-bit big-endian numbers, then the values
/// row-major. Opening reads the header only, so that headers can be compared before memory is taken for values. Everything
/// that can be wrong with such a file is reported as an <see cref="InputException"/>.
/// </summary>
internal sealed class IdxFile : IDisposable
{
    private readonly Stream _contents;
    private readonly byte[] _header;
    private readonly long _storedBytes;
    private readonly int _valueBytes;

    /// <summary>Where the file lies, for messages.</summary>
    public string Path { get; }

    /// <summary>What kind of file it is.</summary>
    public IdxForm Form { get; }

    /// <summary>The sizes, e.g. [images, rows, columns].</summary>
    public int[] Dimensions { get; }

    /// <summary>Length of the uncompressed file.</summary>
    public long Bytes => _header.Length + (long)_valueBytes;

    private IdxFile(string path, Stream contents, long storedBytes, bool compressed, IdxForm[] forms)
    {
        Path = path;
        _contents = contents;
        _storedBytes = storedBytes;
        (Form, _header) = ReadHeader(forms);
        _valueBytes = CountValueBytes(out int[] dimensions);
        Dimensions = dimensions;
        if (!compressed && storedBytes != Bytes)
            throw Damaged($"{storedBytes:N0} bytes where the header promises {Bytes:N0}");
    }

    /// <summary>Opens images: bytes, [images, rows, columns].</summary>
    /// <exception cref="InputException">The file cannot be read or its header is not what it should be.</exception>
    public static IdxFile OpenImages(DataSource source) => Open(source, IdxForm.Images);

    /// <summary>Opens labels: bytes, [labels], or those of QMNIST.</summary>
    /// <exception cref="InputException">The file cannot be read or its header is not what it should be.</exception>
    public static IdxFile OpenLabels(DataSource source) => Open(source, IdxForm.Labels, IdxForm.ExtendedLabels);

    private static IdxFile Open(DataSource source, params IdxForm[] forms) => Guard(source.Path, () =>
    {
        Stream stored = source.Open();
        Stream contents = stored;
        try
        {
            long bytes = stored.Length;
            if (bytes == 0)
                throw Damaged(source.Path, "the file is empty");
            if (IsPointer(stored))
            {
                throw new InputException(
                    $"{source.Path}: is a pointer of Git LFS, not the data itself; fetch it with git lfs pull");
            }

            bool compressed = IsGzip(stored);
            if (compressed)
                contents = new GzipContents(stored);
            return new IdxFile(source.Path, contents, bytes, compressed, forms);
        }
        catch
        {
            contents.Dispose();
            throw;
        }
    });

    /// <summary>Reads the values, to the end of the file.</summary>
    /// <returns>The values as they are stored, and the MD5 of the uncompressed file.</returns>
    /// <exception cref="InputException">
    /// The file cannot be read, is shorter or longer than its header says, or damaged.
    /// </exception>
    public (byte[] Values, string Md5) Read() => Guard(Path, () =>
    {
        // Most often right at once for a compressed file, and exact for a plain one.
        byte[] values = ReadGrowing(firstGuess: 8 * _storedBytes, out int read);
        if (read < _valueBytes)
            throw Damaged($"{_header.Length + (long)read:N0} bytes after decompression where the header promises {Bytes:N0}");
        if (_contents.ReadByte() >= 0)
            throw Damaged($"more bytes after decompression than the {Bytes:N0} that the header promises");
        return (values, Md5Sum.Of(_header, values));
    });

    /// <inheritdoc/>
    public void Dispose() => _contents.Dispose();

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException error)
        {
            throw Damaged(path, "the gzip data is damaged, cut off, or followed by something else", error);
        }
        catch (IOException error)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Whether the contents are gzip, whatever the name says: browsers unpack .gz files and keep the name.</summary>
    private static bool IsGzip(Stream file)
    {
        bool result = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return result;
    }

    private static bool IsPointer(Stream file)
    {
        byte[] start = new byte[GitLfs.StartBytes];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return GitLfs.IsPointer(start.AsSpan(0, read));
    }

    /// <summary>Reads the header, which must be that of one of some forms.</summary>
    private (IdxForm Form, byte[] Header) ReadHeader(IdxForm[] forms)
    {
        var magic = new byte[4];
        int found = _contents.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        string expected = $"{forms[0]} (magic number 0x{forms[0].Magic:X8})";
        if (found < magic.Length || magic[0] != 0 || magic[1] != 0)
        {
            string start = string.Join(' ', magic[..found].Select(value => $"{value:X2}"));
            throw Damaged($"not an IDX file: it begins with {(start == "" ? "nothing" : start)} where {expected} are expected");
        }
        var form = new IdxForm(magic[2], magic[3]);
        if (!forms.Contains(form))
        {
            throw new InputException(
                $"{Path}: an IDX file of {form} (magic number 0x{form.Magic:X8}) where {expected} are expected; " +
                "check that the files are not swapped");
        }
        var header = new byte[form.HeaderBytes];
        magic.CopyTo(header, 0);
        found += _contents.ReadAtLeast(header.AsSpan(found), header.Length - found, throwOnEndOfStream: false);
        if (found < header.Length)
            throw Damaged($"{found} bytes, too few for a header of {header.Length}");
        return (form, header);
    }

    private int CountValueBytes(out int[] dimensions)
    {
        dimensions = new int[Form.Rank];
        UInt128 count = (UInt128)Form.BytesPerValue;
        for (int i = 0; i < dimensions.Length; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4 + 4 * i));
            if (size == 0)
                throw Damaged($"the header states size 0 for dimension {i + 1} of {dimensions.Length}");
            count *= size;
            dimensions[i] = (int)Math.Min(size, int.MaxValue);
        }
        if (count > (UInt128)Array.MaxLength)
            throw Damaged($"the header promises {count:N0} bytes of values, more than the {Array.MaxLength:N0} that can be held");
        return (int)count;
    }

    /// <summary>Reads up to the promised values; memory grows with what arrives, so that a header that lies costs none.</summary>
    private byte[] ReadGrowing(long firstGuess, out int read)
    {
        byte[] values = Allocate(Math.Min(_valueBytes, firstGuess));
        read = 0;
        while (true)
        {
            read += _contents.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length || values.Length == _valueBytes)
                return values;
            byte[] longer = Allocate(Math.Min(_valueBytes, 2L * values.Length));
            values.CopyTo(longer, 0);
            values = longer;
        }
    }

    private byte[] Allocate(long length) => HostMemory.Allocate<byte>(length, Path, MemoryRemedy.LessData);

    private InputException Damaged(string problem) => Damaged(Path, problem);

    private static InputException Damaged(string path, string problem, Exception? cause = null)
    {
        string message = $"{path}: {problem}; download the file again";
        return cause is null ? new InputException(message) : new InputException(message, cause);
    }
}
