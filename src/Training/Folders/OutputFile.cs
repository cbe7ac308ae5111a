using IlgpuDistance.Gpu;

namespace IlgpuDistance.Training.Folders;

/// <summary>The file that an option names to be written.</summary>
public static class OutputFile
{
    /// <summary>Checks, before the work whose result would have no place, that a file can be there.</summary>
    /// <param name="option">The option, such as <c>--logits</c>.</param>
    /// <param name="path">Its value.</param>
    /// <exception cref="InputException">It is a folder, or in one that is not there.</exception>
    public static void Check(string option, string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{option} {path}: is a folder; name a file in it");
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(Links.Target(path))) is { } folder && !Directory.Exists(folder))
                throw new InputException($"{option} {path}: there is no folder {folder}; make it first");
        }
        catch (IOException error)
        {
            throw new InputException($"{option} {path}: {error.Message}; name another file", error);
        }
    }
}
