using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Data;

/// <summary>One file of a data set, on the disk or in memory.</summary>
/// <param name="path">Its path, or what it is called in messages.</param>
/// <param name="open">Opens it for reading; the stream can be positioned.</param>
internal sealed class DataSource(string path, Func<Stream> open)
{
    /// <summary>The path, or what the file is called in messages.</summary>
    public string Path { get; } = path;

    /// <summary>Opens the file.</summary>
    /// <exception cref="InputException">It cannot be opened.</exception>
    public Stream Open() => open();

    /// <summary>MD5 of the file as it lies there, compressed or not.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public string StoredMd5()
    {
        try
        {
            using Stream file = Open();
            return Md5Sum.Of(file);
        }
        catch (IOException error)
        {
            throw new InputException($"{Path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>A file that was downloaded and not stored.</summary>
    public static DataSource OfBytes(string name, byte[] bytes) => new(name, () => new MemoryStream(bytes, writable: false));

    /// <summary>A file on the disk.</summary>
    public static DataSource OfFile(string path) => new(path, () => OpenFile(path));

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path}: is a folder where a file is expected; put the file in its place");
        try
        {
            // Another process may replace the file with a fresh download while this one reads.
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.CanSeek)
                return file;
            file.Dispose();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException($"{path}: no permission to read the file; change its permissions", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file", error);
        }
        throw new InputException($"{path}: is a pipe or a device where a file is expected; put the file in its place");
    }
}
