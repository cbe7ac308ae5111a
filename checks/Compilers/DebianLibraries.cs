namespace IlgpuDistance.Checks.Compilers;

/// <summary>Where packages of Debian keep their libraries.</summary>
internal static class DebianLibraries
{
    /// <summary>The folder of libraries, which has the processor in its name; null where there is none.</summary>
    /// <param name="folder">/usr, or what stands in its place.</param>
    public static string? In(string folder)
    {
        string libraries = Path.Combine(folder, "lib");
        return Directory.Exists(libraries) ? Directory.EnumerateDirectories(libraries, "*-linux-gnu").FirstOrDefault() : null;
    }
}
