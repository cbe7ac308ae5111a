using System.Globalization;

namespace IlgpuDistance.Training.Files;

/// <summary>Symbolic links to a file that is to be written: it is the file that is, and not the link.</summary>
internal static class Links
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>
    /// Where a path leads, which need not be there. The names that the system gives to open files, such as <c>/dev/stdout</c>,
    /// lead to <c>/proc/self/fd/1</c> or <c>/dev/fd/1</c>, and no farther.
    /// </summary>
    /// <exception cref="IOException">The links lead in a circle, or to a name that cannot be read as text.</exception>
    public static string Target(string path)
    {
        string target = path;
        for (int i = 0; i < MostLinks; i++)
        {
            // A slash at its end would ask for what is behind the link.
            target = Path.TrimEndingDirectorySeparator(target);
            if (OpenFile(target) is not null || new FileInfo(target).LinkTarget is not { } next)
                return target;
            if (next.Contains('\uFFFD', StringComparison.Ordinal))
                throw new IOException($"{target} is a link to a name that is not UTF-8");
            target = Path.IsPathRooted(next) ? next : Path.Join(Path.GetDirectoryName(target), next);
            // Where a folder on the way is a link, ".." behind it is for the system to resolve; .NET would do it by the text.
            string folder = Path.GetDirectoryName(target) is { Length: > 0 } above ? above : ".";
            if (!OperatingSystem.IsWindows() && OpenFile(target) is null && Libc.RealPath(folder) is { } real)
                target = Path.Join(real, Path.GetFileName(target));
        }
        throw new IOException($"{path} is a symbolic link that leads in a circle");
    }

    /// <summary>The number of the open file that a path names, such as 1 for standard output; null where it names none.</summary>
    public static int? OpenFile(string path) =>
        !OperatingSystem.IsWindows() && Path.GetDirectoryName(path) is "/proc/self/fd" or "/dev/fd" &&
            int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
