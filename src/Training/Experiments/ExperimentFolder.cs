using System.Globalization;
using System.Security.Cryptography;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

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

    /// <summary>
    /// How long a process that holds the whole folder is waited for: what only writes the description takes milliseconds.
    /// </summary>
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
    /// <exception cref="InputException">The folder of the model cannot be read.</exception>
    public static IEnumerable<(int Number, string Path)> RunsOf(string folder, ExperimentModel model)
    {
        string ofModel = System.IO.Path.Combine(folder, model.Folder);
        if (!Directory.Exists(ofModel))
            return [];
        var numbered = new List<(int Number, string Path)>();
        try
        {
            foreach (string path in Directory.EnumerateDirectories(ofModel))
            {
                string name = System.IO.Path.GetFileName(path);
                if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                    numbered.Add((number, path));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{ofModel}: cannot be read: {error.Message}", error);
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
    /// Another process holds the folder or that of a run, it holds an experiment with other options, or it cannot be written.
    /// </exception>
    public static ExperimentFolder Open(string path, ExperimentDescription wanted)
    {
        FolderLock held = FolderLock.Take(path, "experiment");
        try
        {
            CheckNobodyTrains(path);
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
    /// thousands of them perhaps, only read it. A process that has the whole folder is waited for.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    /// <param name="path">The folder.</param>
    /// <param name="wanted">The models and runs that are asked for, and how they are trained.</param>
    /// <param name="patience">How long; null for a minute.</param>
    public static ExperimentFolder Share(string path, ExperimentDescription wanted, TimeSpan? patience = null)
    {
        OutputFolder.Check(path);
        FolderLock.AwaitFree(path, "experiment", patience ?? Patience);
        if (Find(path) is { } found && found.With(wanted, path) is { } agreed && found.Includes(wanted))
            return new ExperimentFolder(path, agreed, null);
        using FolderLock held = FolderLock.Take(path, "experiment", patience ?? Patience);
        return new ExperimentFolder(path, Agree(path, wanted), null);
    }

    /// <summary>
    /// Keeps a description beside <c>experiment.json</c> under a name that no other has: what is added to the experiment later
    /// does not change it.
    /// </summary>
    /// <param name="description">What is asked for.</param>
    /// <returns>The file, from the root on.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string Keep(ExperimentDescription description)
    {
        using var content = new MemoryStream();
        JsonFile.Write(content, description with { Started = Description.Started, Versions = Description.Versions });
        string sum = Convert.ToHexStringLower(SHA256.HashData(content.ToArray()))[..8];
        string file = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, $"experiment-{sum}.json"));
        AtomicFile.Write(file, stream => stream.Write(content.ToArray()));
        return file;
    }

    /// <summary>Whoever has a share of the experiment holds only the folders of its runs.</summary>
    private static void CheckNobodyTrains(string path)
    {
        IEnumerable<string> runs = Find(path)?.Models.SelectMany(model => RunsOf(path, model)).Select(run => run.Path) ?? [];
        foreach (string run in runs)
        {
            if (FolderLock.FindLiving(run) is { } owner)
            {
                throw new InputException(
                    $"{run}: {owner} is at work on this run; wait for its end, stop it, or take a share of the " +
                    $"experiment{Hint.With(Settings.Shard)}");
            }
        }
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
