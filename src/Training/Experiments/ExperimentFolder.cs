using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// The folder of an experiment: <c>experiment.json</c>, and a folder per model with a folder per run. It is held by this process
/// until it is disposed or, where several share it, for as long as it takes to agree upon <c>experiment.json</c>: then each holds
/// the folders of the runs that it trains, one at a time.
/// </summary>
internal sealed class ExperimentFolder : IDisposable
{
    private const string DescriptionName = "experiment.json";
    private const string Advice = "put back a copy of it, or begin the experiment again in another folder";

    /// <summary>How long a process that writes the description is waited for; it takes milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FolderLock? _lock;

    private ExperimentFolder(string path, ExperimentDescription description, FolderLock? held)
    {
        Path = path;
        Description = description;
        _lock = held;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The experiment with all models and runs that have ever been asked for.</summary>
    public ExperimentDescription Description { get; }

    /// <summary>The folder of a run: <c>FOLDER/MODEL/RUN</c>, where runs count 0, 1, 2, … without leading zeros.</summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="run">The run, from 0.</param>
    public static string RunFolder(string folder, ExperimentModel model, int run) =>
        System.IO.Path.Combine(folder, model.Folder, run.ToString(CultureInfo.InvariantCulture));

    /// <summary>The folders of the runs of a model that are there, by their number.</summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="model">The model.</param>
    public static IEnumerable<(int Number, string Path)> RunsOf(string folder, ExperimentModel model)
    {
        string ofModel = System.IO.Path.Combine(folder, model.Folder);
        if (!Directory.Exists(ofModel))
            return [];
        var numbered = new List<(int Number, string Path)>();
        foreach (string path in Directory.EnumerateDirectories(ofModel))
        {
            if (int.TryParse(System.IO.Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                numbered.Add((number, path));
        }
        return numbered.OrderBy(run => run.Number);
    }

    /// <summary>Reads the description of the experiment in a folder; null where there is none.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static ExperimentDescription? Find(string path)
    {
        string file = System.IO.Path.Combine(path, DescriptionName);
        return File.Exists(file) ? JsonFile.Read<ExperimentDescription>(file, Advice) : null;
    }

    /// <summary>Takes a folder for this process, creates it if need be, and writes what the experiment in it is to be.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="wanted">The models and runs that are asked for, and how they are trained.</param>
    /// <exception cref="InputException">
    /// Another process holds the folder, it holds an experiment with other options, or it cannot be written.
    /// </exception>
    public static ExperimentFolder Open(string path, ExperimentDescription wanted)
    {
        FolderLock held = FolderLock.Take(path, "experiment");
        try
        {
            return new ExperimentFolder(path, Agree(path, wanted), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The same for one of several processes that share the folder. Who comes first writes the description, and the others,
    /// thousands of them perhaps, only read it.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    public static ExperimentFolder Share(string path, ExperimentDescription wanted)
    {
        OutputFolder.Check(path);
        if (Find(path) is { } found && found.With(wanted, path) is { } agreed && found.Includes(wanted))
            return new ExperimentFolder(path, agreed, null);
        using FolderLock held = FolderLock.Take(path, "experiment", Patience);
        return new ExperimentFolder(path, Agree(path, wanted), null);
    }

    /// <summary>Writes what the experiment is to be, in a folder that this process holds.</summary>
    private static ExperimentDescription Agree(string path, ExperimentDescription wanted)
    {
        try
        {
            string file = System.IO.Path.Combine(path, DescriptionName);
            AtomicFile.DeleteRemains(path, DescriptionName);
            ExperimentDescription description = Find(path)?.With(wanted, path) ?? wanted;
            JsonFile.Write(file, description);
            return description;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OutputFolder.CannotWrite(path, error);
        }
    }

    /// <summary>Lets other processes have the folder.</summary>
    public void Dispose() => _lock?.Dispose();
}
