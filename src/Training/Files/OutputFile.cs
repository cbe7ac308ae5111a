using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Files;

/// <summary>A file that is to be written.</summary>
internal static class OutputFile
{
    /// <summary>Checks, before the work whose result would have no place, that a file can be there.</summary>
    /// <param name="what">What the file is for.</param>
    /// <param name="path">The file.</param>
    /// <param name="inputs">Files that are read for it, which must not be lost.</param>
    /// <param name="isRewritten">Whether it is written more than once, which a pipe or a device does not take.</param>
    /// <exception cref="InputException">
    /// It is a folder, or in one that is not there or cannot be written; one of the inputs; a pipe or a device, where that will
    /// not do; or its name stands for a trained network.
    /// </exception>
    /// <exception cref="IOException">The disk has failed or is full.</exception>
    public static void Check(Setting what, string path, IEnumerable<string>? inputs = null, bool isRewritten = false)
    {
        if (ReservedName.Is(path))
            throw new InputException($"{what} {ReservedName.ProblemOf(path)}");
        if (Directory.Exists(path))
            throw new InputException($"{what} {path}: is a folder; name a file in it");
        try
        {
            string target = Links.Target(path);
            if (Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder && !Directory.Exists(folder))
                throw new InputException($"{what} {path}: there is no folder {folder}; make it first");
            if (!AtomicFile.IsStream(target))
            {
                CheckIsNone(what, path, inputs ?? []);
                PendingFile.Try(target);
            }
            else if (isRewritten)
            {
                throw new InputException($"{what} {path}: is a pipe or a device; name a file");
            }
        }
        catch (IOException error)
        {
            throw FileErrors.IsOfDisk(error) ? new IOException($"cannot write {path}: {error.Message}", error)
                : new InputException($"{what} {path}: {error.Message}; name another file", error);
        }
    }

    /// <summary>Checks that a file is none of those that are read for it, by whatever links they are named.</summary>
    /// <inheritdoc cref="Check"/>
    /// <exception cref="InputException">It is one of them.</exception>
    public static void CheckIsNone(Setting what, string path, IEnumerable<string> inputs)
    {
        string place = PlaceOf(path);
        StringComparison comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (inputs.Any(input => !ReservedName.Is(input) && PlaceOf(input).Equals(place, comparison)))
            throw new InputException($"{what} {path}: belongs to what is read for it and would be lost; name another file");
    }

    private static string PlaceOf(string path) =>
        (OperatingSystem.IsWindows() ? null : Libc.RealPath(path)) ?? Path.GetFullPath(Links.Target(path));
}
