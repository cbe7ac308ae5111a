using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Files;

/// <summary>A file that is to be written.</summary>
internal static class OutputFile
{
    /// <summary>Checks, before the work whose result would have no place, that a file can be there.</summary>
    /// <param name="what">What the file is for.</param>
    /// <param name="path">The file.</param>
    /// <param name="isRewritten">Whether it is written more than once, which a pipe or a device does not take.</param>
    /// <exception cref="InputException">
    /// It is a folder, or in one that is not there or cannot be written; or a pipe or a device, where that will not do.
    /// </exception>
    /// <exception cref="IOException">The disk has failed or is full.</exception>
    public static void Check(Setting what, string path, bool isRewritten = false)
    {
        if (Directory.Exists(path))
            throw new InputException($"{what} {path}: is a folder; name a file in it");
        try
        {
            string target = Links.Target(path);
            if (Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder && !Directory.Exists(folder))
                throw new InputException($"{what} {path}: there is no folder {folder}; make it first");
            if (!AtomicFile.IsStream(target))
                PendingFile.Try(target);
            else if (isRewritten)
                throw new InputException($"{what} {path}: is a pipe or a device; name a file");
        }
        catch (IOException error)
        {
            throw FileErrors.IsOfDisk(error) ? new IOException($"cannot write {path}: {error.Message}", error)
                : new InputException($"{what} {path}: {error.Message}; name another file", error);
        }
    }
}
