using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Files;

/// <summary>A folder that is to be written.</summary>
internal static class OutputFolder
{
    /// <summary>Checks that a name can be that of a folder.</summary>
    /// <param name="path">The name.</param>
    /// <param name="setting">What gave it; null for the folder of results.</param>
    /// <exception cref="InputException">
    /// It is empty, a file's, that of a link that leads in a circle, or one that stands for a trained network.
    /// </exception>
    public static void Check(string path, Setting? setting = null)
    {
        setting ??= Settings.OutputFolder;
        if (path.Length == 0)
            throw new InputException($"{setting}: expected a folder, found empty text");
        if (ReservedName.Is(path))
            throw new InputException(ReservedName.ProblemOf(path));
        try
        {
            // A link that leads nowhere would be called a file.
            if (File.Exists(Links.Target(path)))
                throw new InputException($"{path}: is a file; name a folder{Hint.With(setting)}");
        }
        catch (IOException error)
        {
            throw CannotWrite(path, error);
        }
    }

    /// <summary>Makes a folder, and those above it, where they are not there; their names are on the disk afterwards.</summary>
    /// <inheritdoc cref="Check"/>
    /// <exception cref="InputException">It is empty, a file's, or cannot be made.</exception>
    /// <exception cref="IOException">The disk has failed or is full.</exception>
    public static void Create(string path, Setting? setting = null)
    {
        Check(path, setting);
        try
        {
            CreateOnDisk(Links.Target(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotWrite(path, error);
        }
    }

    /// <summary>
    /// The line that says why a folder cannot be used: an error of the disk, or a folder in which nobody may write.
    /// </summary>
    internal static Exception CannotWrite(string path, Exception error)
    {
        string message = $"{path}: cannot be written: {error.Message}";
        return FileErrors.IsOfDisk(error) ? new IOException(message, error) : new InputException(message, error);
    }

    private static void CreateOnDisk(string path)
    {
        if (Directory.Exists(path))
            return;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? parent = Path.GetDirectoryName(full);
        if (parent is not null)
            CreateOnDisk(parent);
        Directory.CreateDirectory(full);
        if (parent is not null)
            Disk.FlushFolder(parent);
    }
}
