namespace IlgpuDistance.Checks.Fuzz;

/// <summary>A folder for damaged files, in memory where the system has such a place; removed at the end.</summary>
internal sealed class FuzzFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    private readonly string _path = Directory.Exists(InMemory)
        ? Directory.CreateDirectory(Path.Combine(InMemory, $"ilgpu-distance-fuzz-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("ilgpu-distance-fuzz-").FullName;

    /// <summary>A path in the folder, whose own folder exists.</summary>
    /// <param name="name">The name, with folders or not.</param>
    public string this[string name]
    {
        get
        {
            string path = Path.Combine(_path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return path;
        }
    }

    /// <summary>Writes a file and says its path.</summary>
    public string Write(string name, byte[] content)
    {
        string path = this[name];
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_path, recursive: true);
}
