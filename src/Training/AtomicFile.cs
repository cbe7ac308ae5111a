namespace IlgpuDistance.Training;

/// <summary>Files that appear under their name complete or not at all, whatever happens while they are written.</summary>
public static class AtomicFile
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>
    /// Writes a file: under a temporary name in the same folder, flushed to the disk, and then renamed, which replaces a
    /// file of that name in one step.
    /// </summary>
    /// <param name="path">The file's name.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; nothing is left of it, and an older file is untouched. Where only the rename cannot be brought
    /// to the disk, the new file is there, and a power failure may bring back the older one.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                Disk.Flush(stream);
            }
            File.Move(temporary, path, overwrite: true);
            Disk.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            DeleteQuietly(temporary);
            throw new IOException($"cannot write {path}: {error.Message}", error);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
    }

    /// <summary>Writes a text file in UTF-8; see <see cref="Write(string, Action{Stream})"/>.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void WriteText(string path, Action<TextWriter> write) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        write(writer);
    });

    /// <summary>
    /// Deletes what is left of writes of a file whose process was killed. Only for folders that no other process writes to.
    /// </summary>
    /// <param name="path">The file's name.</param>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public static void DeleteRemains(string path)
    {
        foreach (string remains in Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, $"{Path.GetFileName(path)}.*{TemporarySuffix}"))
            File.Delete(remains);
    }

    /// <summary>Deletes what a failed write left; if that fails too, the first failure is the one to report.</summary>
    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
