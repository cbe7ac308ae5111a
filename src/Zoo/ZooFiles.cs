namespace IlgpuDistance.Zoo;

/// <summary>
/// The safetensors files of the folder models, as resources of an assembly of their own: its 4 MB are read only where somebody
/// asks for one of them.
/// </summary>
internal static class ZooFiles
{
    /// <summary>Their names, without the ending.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(ZooFiles).Assembly.GetManifestResourceNames().Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The content of one.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static Stream Open(string name) => typeof(ZooFiles).Assembly.GetManifestResourceStream(name)
        ?? throw new ArgumentException($"there is no {name}", nameof(name));
}
