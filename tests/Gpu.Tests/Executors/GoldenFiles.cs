using IlgpuDistance.Cli.Verification;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>The files of the folder Golden.</summary>
internal static class GoldenFiles
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The models; other files are about derivatives at edges.</summary>
    public static IEnumerable<string> Models =>
        Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => !name.StartsWith("edge-", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static GoldenCase Load(string model)
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder, $"{model}.json"));
        return GoldenCase.Read(file);
    }
}
