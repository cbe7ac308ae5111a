using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Checks.Zoo;

/// <summary>The folder of trained networks: copies of files that experiments have left, and a README about them.</summary>
internal static class ZooFolder
{
    private const string Ending = ".safetensors";

    /// <summary>The name of the README.</summary>
    public const string ReadmeName = "README.md";

    /// <summary>The name of a network's file.</summary>
    public static string FileOf(ZooModel model) => model.Name + Ending;

    /// <summary>Makes the folder: what experiments have takes the place of what is there.</summary>
    /// <param name="experiments">Folders of experiments.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>The networks in it.</returns>
    /// <exception cref="InputException">An experiment cannot be used; the folder is as it was.</exception>
    /// <exception cref="IOException">A file cannot be copied.</exception>
    public static IReadOnlyList<ZooModel> Make(IReadOnlyList<string> experiments, string folder)
    {
        IReadOnlyList<ZooModel> models = ZooModel.In(experiments);
        if (models.Count == 0)
            throw new InputException("no run is finished; there is nothing to put into the folder of trained networks");
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.GetFiles(folder, $"*{Ending}"))
            File.Delete(old);
        foreach (ZooModel model in models)
            File.Copy(model.File, Path.Combine(folder, FileOf(model)));
        AtomicFile.WriteText(Path.Combine(folder, ReadmeName), writer => ZooReadme.Write(models, experiments, writer));
        return models;
    }
}
