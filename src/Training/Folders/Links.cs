namespace IlgpuDistance.Training.Folders;

/// <summary>Symbolic links on the way to a file that is to be replaced: it is the file that is, and not the link.</summary>
internal static class Links
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>Where a path leads, which need not be there.</summary>
    /// <exception cref="IOException">The links lead in a circle, or to a name that cannot be read as text.</exception>
    public static string Target(string path)
    {
        string target = path;
        for (int i = 0; i < MostLinks; i++)
        {
            // A slash at its end would ask for what is behind the link.
            target = Path.TrimEndingDirectorySeparator(target);
            if (new FileInfo(target).LinkTarget is not { } next)
                return target;
            if (next.Contains('\uFFFD', StringComparison.Ordinal))
                throw new IOException($"{target} is a link to a name that is not UTF-8");
            // Joined as text: where a folder on the way is a link, ".." behind it is for the system to resolve.
            target = Path.IsPathRooted(next) ? next : Path.Join(Path.GetDirectoryName(target), next);
        }
        throw new IOException($"{path} is a symbolic link that leads in a circle");
    }
}
