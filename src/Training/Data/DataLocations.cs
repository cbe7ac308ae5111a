namespace IlgpuDistance.Training.Data;

/// <summary>The folders where data is looked for when the command line names none.</summary>
/// <param name="EnvironmentFolder">The folder that <see cref="Variable"/> names, or null where it is not set.</param>
/// <param name="CacheFolder">The folder to which data sets are downloaded, each to a folder of its own in it.</param>
internal sealed record DataLocations(string? EnvironmentFolder, string CacheFolder)
{
    /// <summary>The environment variable that names a folder with the files of a data set.</summary>
    public const string Variable = "ILGPU_DISTANCE_DATA";

    /// <summary>The environment variable that moves the user's cache.</summary>
    public static string CacheVariable { get; } =
        OperatingSystem.IsWindows() ? "LOCALAPPDATA" : OperatingSystem.IsMacOS() ? "HOME" : "XDG_CACHE_HOME";

    /// <summary>The folders of this process: its environment and the user's cache folder.</summary>
    public static DataLocations OfThisProcess() => Of(Environment.GetEnvironmentVariable);

    /// <summary>The folders under an environment.</summary>
    /// <param name="environment">The value of a variable, or null where it is not set.</param>
    internal static DataLocations Of(Func<string, string?> environment)
    {
        string? folder = environment(Variable);
        return new DataLocations(
            string.IsNullOrEmpty(folder) ? null : folder,
            Path.Combine(UserCacheFolder(environment), "ilgpu-distance"));
    }

    /// <summary>The folder to which a data set is downloaded.</summary>
    public string CacheOf(PublishedDataset dataset) => Path.Combine(CacheFolder, dataset.Key);

    private static string UserCacheFolder(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
            return environment("LOCALAPPDATA") ?? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        // A user without a home, such as a service, gets the folder for temporary files.
        string home = environment("HOME") is { Length: > 0 } value ? value : Path.GetTempPath();
        if (OperatingSystem.IsMacOS())
            return Path.Combine(home, "Library", "Caches");
        // A relative path in XDG_CACHE_HOME is to be ignored, says the XDG Base Directory Specification.
        return environment("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache) ? cache : Path.Combine(home, ".cache");
    }
}
