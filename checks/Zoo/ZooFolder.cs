using System.Text;
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
    /// <exception cref="IOException">
    /// A file cannot be copied, and the folder is as it was; or one cannot take its name or be deleted, and the folder has old
    /// networks, too, but lacks none.
    /// </exception>
    public static IReadOnlyList<ZooModel> Make(IReadOnlyList<string> experiments, string folder)
    {
        IReadOnlyList<ZooModel> models = ZooModel.In(experiments);
        if (models.Count == 0)
            throw new InputException("no run is finished; there is nothing to put into the folder of trained networks");
        using var readme = new StringWriter();
        ZooReadme.Write(models, experiments, readme);
        Directory.CreateDirectory(folder);

        // Nothing that is there is touched before all that replaces it is on the disk.
        var pending = new List<PendingFile>();
        try
        {
            pending.Add(PendingFile.Write(
                Path.Combine(folder, ReadmeName), stream => stream.Write(Encoding.UTF8.GetBytes(readme.ToString()))));
            foreach (ZooModel model in models)
            {
                using FileStream saved = File.OpenRead(model.File);
                pending.Add(PendingFile.Write(Path.Combine(folder, FileOf(model)), saved.CopyTo));
            }
            foreach (PendingFile file in pending)
                file.Commit();
        }
        finally
        {
            foreach (PendingFile file in pending)
                file.Dispose();
        }
        foreach (string old in Directory.GetFiles(folder, $"*{Ending}").Except(
            models.Select(model => Path.Combine(folder, FileOf(model)))))
        {
            File.Delete(old);
        }
        return models;
    }
}
