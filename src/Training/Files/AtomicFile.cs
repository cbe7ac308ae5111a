namespace IlgpuDistance.Training.Files;

/// <summary>
/// Files that appear under their name complete or not at all, whatever happens while they are written. What is behind a symbolic
/// link is written, and the link left; what is no file, such as a pipe or a device, is written to as it stands.
/// </summary>
internal static class AtomicFile
{
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
                using PendingFile pending = PendingFile.Write(target, write);
                pending.Commit();
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
    /// Deletes what is left of writes of files whose process was killed. Only for folders that no other process writes to.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">The files' names.</param>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public static void DeleteRemains(string folder, params IReadOnlyList<string> names)
    {
        foreach (string file in Remains(folder, names))
            File.Delete(file);
    }

    /// <summary>What is left of writes of files whose process was killed, or is not yet at their end.</summary>
    /// <param name="folder">The folder, which is listed once: over a network that takes as long as to write a file.</param>
    /// <param name="names">The files' names.</param>
    internal static IEnumerable<string> Remains(string folder, params IReadOnlyList<string> names)
    {
        foreach (string file in Directory.GetFiles(folder, $"*{PendingFile.Suffix}"))
        {
            string[] parts = Path.GetFileName(file)[..^PendingFile.Suffix.Length].Split('.');
            // Hexadecimal digits; the numbers of processes in those of earlier versions are some, too.
            if (parts[^1].All(char.IsAsciiHexDigitLower) && names.Contains(string.Join('.', parts[..^1])))
                yield return file;
        }
    }

    /// <summary>Whether a file is written to as it stands: a pipe, a device, or a file that is open.</summary>
    /// <param name="target">Where its links lead.</param>
    internal static bool IsStream(string target) => OperatingSystem.IsWindows()
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
}
