using System.Text;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// Files that appear under their name complete or not at all, whatever happens while they are written. What is behind a symbolic
/// link is written, and the link left; what is no file, such as a pipe or a device, is written to as it stands.
/// </summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>Of a longer name the temporary one has a part only: file systems end at 255 bytes.</summary>
    private const int MostNameBytes = 200;

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
        try
        {
            string target = Links.Target(path);
            if (IsStream(target))
            {
                using Stream stream = OpenStream(target);
                write(stream);
            }
            else
            {
                Replace(target, write);
            }
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            throw new IOException($"cannot write {path}: {error.Message}", error);
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
        foreach (string file in Remains(path))
            File.Delete(file);
    }

    /// <summary>What is left of writes of a file whose process was killed, or is not yet at their end.</summary>
    /// <param name="path">The file's name.</param>
    internal static IEnumerable<string> Remains(string path)
    {
        string begin = $"{Path.GetFileName(path)}.";
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, $"{begin}*{TemporarySuffix}"))
        {
            // Hexadecimal digits; the numbers of processes in those of earlier versions are some, too.
            string random = Path.GetFileName(file)[begin.Length..^TemporarySuffix.Length];
            if (random.All(char.IsAsciiHexDigitLower))
                yield return file;
        }
    }

    /// <summary>A new name for a file that is to be renamed to another; it counts among the remains of that.</summary>
    /// <param name="path">The other file's name.</param>
    internal static string NewRemains(string path) => $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";

    private static void Replace(string target, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        string temporary = Path.Combine(folder, $"{NameStart(Path.GetFileName(target))}.{Guid.NewGuid():N}{TemporarySuffix}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            // What only some may read remains so.
            if (!OperatingSystem.IsWindows() && File.Exists(target))
                options.UnixCreateMode = File.GetUnixFileMode(target);
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                Disk.Flush(stream);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
        Disk.FlushFolder(folder);
    }

    private static bool IsStream(string target) => OperatingSystem.IsWindows()
        ? Path.GetFullPath(target).StartsWith(@"\\.\", StringComparison.Ordinal)
        : Links.OpenFile(target) is not null || Libc.IsSpecial(target);

    /// <summary>Opens what is written to from its beginning to its end; a pipe waits for its reader.</summary>
    private static Stream OpenStream(string target) => Links.OpenFile(target) switch
    {
        // Not opened again: a file there has a place up to which it is written, and what follows stands behind it.
        1 => Console.OpenStandardOutput(),
        2 => Console.OpenStandardError(),
        _ => new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
    };

    private static string NameStart(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > MostNameBytes)
            name = name[..(name.Length / 2)];
        return name;
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
