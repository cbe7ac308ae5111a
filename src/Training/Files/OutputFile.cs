using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Files;

/// <summary>A file that is to be written.</summary>
internal static class OutputFile
{
    /// <summary>Checks, before the work whose result would have no place, that a file can be there.</summary>
    /// <param name="what">What the file is for.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is a folder, or in one that is not there.</exception>
    public static void Check(Setting what, string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{what} {path}: is a folder; name a file in it");
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(Links.Target(path))) is { } folder && !Directory.Exists(folder))
                throw new InputException($"{what} {path}: there is no folder {folder}; make it first");
        }
        catch (IOException error)
        {
            throw new InputException($"{what} {path}: {error.Message}; name another file", error);
        }
    }
}
