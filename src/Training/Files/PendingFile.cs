using System.Text;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// A file whose content is on the disk under a temporary name and that has yet to take its own; one that is disposed of
/// before leaves nothing.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    /// <summary>Of a longer name the temporary one has a part only: file systems end at 255 bytes.</summary>
    private const int MostNameBytes = 200;

    private readonly string _path;
    private string? _temporary;

    private PendingFile(string path, string temporary)
    {
        _path = path;
        _temporary = temporary;
    }

    /// <summary>How temporary names end.</summary>
    public static string Suffix => ".tmp";

    /// <summary>Writes the content in the folder of a file, and flushes it to the disk.</summary>
    /// <param name="path">The file; a link is not followed.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    public static PendingFile Write(string path, Action<Stream> write)
    {
        string temporary = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path))!, $"{NameStart(Path.GetFileName(path))}.{Guid.NewGuid():N}{Suffix}");
        var pending = new PendingFile(path, temporary);
        try
        {
            using FileStream stream = Create(temporary, path);
            write(stream);
            Disk.Flush(stream);
            return pending;
        }
        catch
        {
            pending.Dispose();
            throw;
        }
    }

    /// <summary>Gives the file its name, which replaces a file of that name in one step.</summary>
    /// <exception cref="IOException">
    /// It cannot; an older file is untouched. Where only the new name cannot be brought to the disk, the file is there, and a
    /// power failure may bring back the older one.
    /// </exception>
    public void Commit()
    {
        File.Move(_temporary!, _path, overwrite: true);
        _temporary = null;
        Disk.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(_path))!);
    }

    /// <summary>Deletes a file that has not got its name. If that fails, too, the first failure is the one to report.</summary>
    public void Dispose()
    {
        try
        {
            if (_temporary is not null)
                File.Delete(_temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Makes such a file and deletes it: where that can be done, the file can be written.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot.</exception>
    public static void Try(string path) => Write(path, _ => { }).Dispose();

    private static FileStream Create(string temporary, string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        // What only some may read remains so.
        if (!OperatingSystem.IsWindows() && File.Exists(path))
            options.UnixCreateMode = File.GetUnixFileMode(path);
        try
        {
            return new FileStream(temporary, options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nobody has heard of the temporary name.
            throw new IOException(error.Message.Replace(temporary, path, StringComparison.Ordinal), error);
        }
    }

    private static string NameStart(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > MostNameBytes)
            name = name[..(name.Length / 2)];
        return name;
    }
}
