namespace IlgpuDistance.Training.Tests;

/// <summary>A new folder for one test, deleted with all it holds when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("ilgpu-distance-").FullName;

    public string this[string name] => Path.Combine(FullName, name);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
