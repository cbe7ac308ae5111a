using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Experiments.Reports;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// The folder in which a training leaves its results: <c>run.json</c> (what it was and how it ended), <c>metrics.csv</c>
/// (one line per epoch) and <c>model.safetensors</c> (the parameters, if they are finite).
/// </summary>
/// <remarks>
/// While the training lasts, <c>run.json</c> says "running", the metrics grow as <c>metrics.csv.partial</c>, and the last two
/// checkpoints lie beside them. They stay where a training was killed or interrupted, so that it can be taken up again;
/// the end of the training removes them.
/// </remarks>
public sealed class RunFolder : IDisposable
{
    private const string RunName = "run.json";
    private const string MetricsName = "metrics.csv";
    private const string ModelName = "model.safetensors";
    private const string CheckpointName = "checkpoint";
    private const string PreviousCheckpointName = "checkpoint.previous";

    private const string Advice = "put back a copy of it, or delete its folder to train the run again";

    private static readonly string[] Checkpoints = [CheckpointName, PreviousCheckpointName];
    private static readonly string[] Names =
        [RunName, MetricsName, MetricsName + MetricsFile.PartialSuffix, ModelName, RunPicture.Name, .. Checkpoints];

    private readonly string _folder;
    private readonly MetricsFile _metrics;
    private RunDescription _description;

    private RunFolder(string path, RunDescription description, MetricsFile metrics, TrainingState? state)
    {
        _folder = path;
        _description = description;
        _metrics = metrics;
        State = state;
    }

    /// <summary>Where a training that has been taken up again goes on; null where it begins.</summary>
    public TrainingState? State { get; }

    /// <summary>Begins a run in a folder, which is created if need be, and writes its description.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="force">Whether a run that is there is deleted.</param>
    /// <param name="description">What is run.</param>
    /// <exception cref="InputException">The folder holds a run, is a file, or cannot be written.</exception>
    public static RunFolder Begin(string path, bool force, RunDescription description)
    {
        CheckFree(path, force);
        return Opened(path, () =>
        {
            Folders.OutputFolder.Create(path);
            // Held, so that a training that another process has going on here is refused before anything is deleted.
            using (File.Exists(PartialPath(path)) ? MetricsFile.Reopen(Path.Combine(path, MetricsName)) : null)
            {
                foreach (string name in Names)
                    File.Delete(Path.Combine(path, name));
            }
            JsonFile.Write(Path.Combine(path, RunName), description);
            // The folders are perhaps new: their names must be as safe on the disk as what will be in them.
            for (DirectoryInfo? parent = Directory.GetParent(Path.GetFullPath(path)); parent is not null; parent = parent.Parent)
                Disk.FlushFolder(parent.FullName);
            return new RunFolder(path, description, MetricsFile.Create(Path.Combine(path, MetricsName)), null);
        });
    }

    /// <summary>
    /// Takes up a run that was killed or interrupted from its last checkpoint, or, where it has none that can be used, from
    /// its beginning; begins it where there is none.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="description">What is to be run.</param>
    /// <param name="warn">Told in one sentence about each damaged checkpoint.</param>
    /// <exception cref="InputException">
    /// The folder holds something else, what was begun on another device, or what another process is training; or it
    /// cannot be read or written.
    /// </exception>
    public static RunFolder Resume(string path, RunDescription description, Action<string> warn)
    {
        if (Find(path) is not { } begun)
            return Begin(path, force: false, description);
        begun.CheckSame(description, path);
        if (begun.Outcome == TrainingOutcome.Interrupted && !Checkpoints.Any(name => File.Exists(Path.Combine(path, name))))
            throw new InputException($"--out {path}: this run was interrupted and has no checkpoint to go on from; --force replaces it");
        return Opened(path, () =>
        {
            MetricsFile metrics = MetricsFile.Reopen(Path.Combine(path, MetricsName));
            try
            {
                DeleteRemains(path);
                TrainingState? state = Restore(path, begun, description, metrics, warn);
                // What has no epoch from before is on this device from its beginning.
                RunDescription running = state is null ? description : begun with { Outcome = TrainingOutcome.Running, Final = null };
                JsonFile.Write(Path.Combine(path, RunName), running);
                return new RunFolder(path, running, metrics, state);
            }
            catch
            {
                metrics.Dispose();
                throw;
            }
        });
    }

    /// <summary>The description of the run in a folder, or null where there is none.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static RunDescription? Find(string path)
    {
        string file = Path.Combine(path, RunName);
        return File.Exists(file) ? JsonFile.Read<RunDescription>(file, Advice) : null;
    }

    /// <summary>Where a run would be taken up again; null where it would begin. Nothing is changed, and damage is not told.</summary>
    /// <param name="path">The folder.</param>
    public static TrainingState? FindState(string path)
    {
        foreach (string name in Checkpoints)
        {
            try
            {
                return CheckpointFile.Read(Path.Combine(path, name)).State;
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
        return null;
    }

    /// <summary>Checks that the metrics of a run that has come to its end are there.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public static void CheckResults(string path)
    {
        if (!File.Exists(Path.Combine(path, MetricsName)))
            throw new InputException($"{path}: {RunName} says that this run has come to its end, but {MetricsName} is missing; put it back, or delete this folder to train the run again");
    }

    /// <summary>Removes what a process that was killed at the very end of a run has left beside its results.</summary>
    /// <exception cref="InputException">Something cannot be removed.</exception>
    public static void Tidy(string path) => Opened(path, () =>
    {
        DeleteRemains(path);
        foreach (string name in Checkpoints)
            File.Delete(Path.Combine(path, name));
        return true;
    });

    /// <summary>Checks, before anything is done for it, that a run may begin in a folder.</summary>
    /// <exception cref="InputException">It holds a run that must not be replaced, or is a file.</exception>
    public static void CheckFree(string path, bool force)
    {
        CheckFolder(path);
        string? existing = Names.FirstOrDefault(name => File.Exists(Path.Combine(path, name)));
        if (existing is not null && !force)
        {
            throw new InputException(
                $"--out {path}: holds a run already ({existing}); name another folder, add --resume to go on with it, or --force to replace it");
        }
    }

    /// <summary>Checks that a name can be that of a folder.</summary>
    /// <exception cref="InputException">It is empty or a file's.</exception>
    public static void CheckFolder(string path) => Folders.OutputFolder.Check(path);

    /// <summary>Adds an epoch to the metrics.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record) => _metrics.Append(record);

    /// <summary>Writes a checkpoint, and keeps the one before it.</summary>
    /// <param name="state">The training after the last record that was appended.</param>
    /// <exception cref="IOException">A file cannot be written; the last checkpoint can still be used.</exception>
    public void Save(TrainingState state)
    {
        // The metrics reach the disk before a checkpoint that counts on them.
        var checkpoint = new Checkpoint(state, _metrics.Mark());
        // A process that is killed between the two leaves the previous one, which is as good.
        if (File.Exists(PathOf(CheckpointName)))
            File.Move(PathOf(CheckpointName), PathOf(PreviousCheckpointName), overwrite: true);
        CheckpointFile.Write(PathOf(CheckpointName), checkpoint);
    }

    /// <summary>
    /// Writes what the training has left: the metrics, the model if its parameters are finite, and the description.
    /// Checkpoints go, unless the training was interrupted and can be taken up again.
    /// </summary>
    /// <param name="trainer">The training, which has ended.</param>
    /// <param name="plan">The network.</param>
    /// <param name="model">What the model's file says about itself.</param>
    /// <returns>What the description has become.</returns>
    /// <exception cref="IOException">A file cannot be written, e.g. because the disk is full.</exception>
    public RunDescription Complete(Trainer trainer, NetworkPlan plan, ModelDescription model)
    {
        try
        {
            _metrics.Complete();
        }
        finally
        {
            // Each is written even if the other cannot be, such as for lack of room.
            float[] parameters = trainer.ReadState().Parameters;
            if (parameters.All(float.IsFinite))
                SavedModel.Save(PathOf(ModelName), plan, parameters, model);
            else
                File.Delete(PathOf(ModelName));
        }
        _description = _description with
        {
            Outcome = trainer.Outcome,
            Reason = trainer.Divergence,
            Final = trainer.Last,
            Seconds = trainer.Seconds,
        };
        JsonFile.Write(PathOf(RunName), _description);
        if (_description.IsFinished)
            Tidy(_folder);
        return _description;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _metrics.Dispose();

    /// <summary>
    /// Finds the newest checkpoint that can be used and cuts the metrics back to it; to their beginning, and null, where there
    /// is none. Afterwards a damaged checkpoint is gone, so that the next one does not push out a sound one.
    /// </summary>
    private static TrainingState? Restore(
        string path, RunDescription begun, RunDescription wanted, MetricsFile metrics, Action<string> warn)
    {
        string[] files = [.. Checkpoints.Select(name => Path.Combine(path, name)).Where(File.Exists)];
        foreach (string file in files)
        {
            try
            {
                Checkpoint checkpoint = CheckpointFile.Read(file);
                if (checkpoint.State.Parameters.Length != begun.Parameters)
                    throw new InvalidDataException($"has {checkpoint.State.Parameters.Length} parameters instead of {begun.Parameters}");
                begun.CheckSameDevice(wanted, path);
                metrics.CutTo(checkpoint.Metrics);
                if (file != files[0])
                    File.Move(file, files[0], overwrite: true);
                return checkpoint.State;
            }
            catch (InvalidDataException error)
            {
                warn($"{file} {error.Message}; {(file == files[^1] ? "the run begins again" : "the checkpoint before it is used")}.");
            }
        }
        metrics.Restart();
        foreach (string file in files)
            File.Delete(file);
        return null;
    }

    private static void DeleteRemains(string path)
    {
        foreach (string name in Names)
            AtomicFile.DeleteRemains(Path.Combine(path, name));
    }

    /// <summary>Does something with a folder, and says in one line why it cannot be done.</summary>
    private static T Opened<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (FileErrors.IsTaken(error))
        {
            throw new InputException($"--out {path}: another process is training here; wait for its end, or name another folder", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--out {path}: cannot be written: {error.Message}", error);
        }
    }

    private static string PartialPath(string path) => Path.Combine(path, MetricsName + MetricsFile.PartialSuffix);

    private string PathOf(string name) => Path.Combine(_folder, name);
}
