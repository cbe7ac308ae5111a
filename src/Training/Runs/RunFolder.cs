using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// The folder in which a training leaves its results: <c>run.json</c> (what it was and how it ended), <c>metrics.csv</c>
/// (one line per epoch), <c>model.safetensors</c> (the parameters, if they are finite) and, where the optimizer keeps something,
/// <c>optimizer.safetensors</c>, with which a run that is complete can have more epochs.
/// </summary>
/// <remarks>
/// While the training lasts, <c>run.json</c> says "running", the metrics grow as <c>metrics.csv.partial</c>, and the last two
/// checkpoints lie beside them. They stay where a training was killed or interrupted, so that it can be taken up again;
/// the end of the training removes them. The process that trains owns the folder; see <see cref="FolderLock"/>.
/// </remarks>
internal sealed class RunFolder : IDisposable
{
    private const string Advice = "put back a copy of it, or delete its folder to train the run again";

    private readonly string _folder;
    private readonly FolderLock _owned;
    private readonly MetricsFile _metrics;
    private readonly string? _arithmetic;
    private RunDescription _description;

    private RunFolder(
        string path, FolderLock owned, RunDescription description, string? arithmetic, MetricsFile metrics, TrainingState? state)
    {
        _folder = path;
        _owned = owned;
        _description = description;
        _arithmetic = arithmetic;
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
        return Owned(path, owned => Begin(path, owned, force, description))!;
    }

    private static RunFolder Begin(string path, FolderLock owned, bool force, RunDescription description)
    {
        // Again, now that nobody else can begin one here.
        CheckFree(path, force);
        return Opened(path, () =>
        {
            RunFiles.DeleteRemains(path);
            // Before anything of an older run goes, the disk has taken what begins the new one; a kill leaves it among the
            // remains.
            using PendingFile begun = PendingFile.Write(
                Path.Combine(path, RunFiles.Description), stream => JsonFile.Write(stream, description));
            foreach (string name in RunFiles.All)
                File.Delete(Path.Combine(path, name));
            begun.Commit();
            MetricsFile metrics = MetricsFile.Create(Path.Combine(path, RunFiles.Metrics));
            return new RunFolder(path, owned, description, description.Device.Arithmetic, metrics, null);
        });
    }

    /// <summary>
    /// Takes up a run where <see cref="RunProgress"/> finds it, also one that has come to its end and is now to have more
    /// epochs; begins it where there is none.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="description">What is to be run.</param>
    /// <param name="warn">Told in one sentence that a checkpoint is damaged and the one before it is used.</param>
    /// <exception cref="FolderTakenException">Another process is training here.</exception>
    /// <exception cref="InputException">
    /// The folder holds something else, or what was begun on another device; a file is
    /// damaged, missing or changed so that nothing says how to go on, and all are left as they are; or the folder cannot be
    /// read or written.
    /// </exception>
    /// <exception cref="InvalidOperationException">Nothing is left to train.</exception>
    public static RunFolder Resume(string path, RunDescription description, Action<string> warn) =>
        TryResume(path, description, warn) ?? throw new InvalidOperationException($"{path}: nothing is left to train");

    /// <summary>The same, but null where nothing is left to train.</summary>
    /// <inheritdoc cref="Resume(string, RunDescription, Action{string})"/>
    public static RunFolder? TryResume(string path, RunDescription description, Action<string> warn) =>
        Owned(path, owned => Resume(path, owned, description, warn));

    private static RunFolder? Resume(string path, FolderLock owned, RunDescription description, Action<string> warn)
    {
        if (RunProgress.Find(path, warn) is not { } progress)
            return Begin(path, owned, force: false, description);
        progress.CheckLeadsTo(description);
        return progress.IsEndOf(description) ? null : Opened(path, () => GoOn(path, owned, progress, description));
    }

    /// <summary>
    /// Makes the folder of a run that has made some progress that of one that is going on. A kill after any of these steps
    /// leaves the run as it was, or with a checkpoint.
    /// </summary>
    private static RunFolder GoOn(string path, FolderLock owned, RunProgress progress, RunDescription wanted)
    {
        RunFiles.DeleteRemains(path);
        MetricsFile metrics = MetricsFile.GoOn(Path.Combine(path, RunFiles.Metrics), progress.Metrics);
        try
        {
            // What has no epoch from before is on this device from its beginning.
            RunDescription running = progress.State is null ? wanted : progress.Begun.WithEpochsOf(wanted) with
            {
                Outcome = TrainingOutcome.Running,
                Defect = null,
                Final = null,
                Sha256 = null,
            };
            var folder = new RunFolder(path, owned, running, wanted.Device.Arithmetic, metrics, progress.State);
            if (progress is { State: not null, Checkpoint: null })
                folder.Save(progress.State);
            else if (progress.Checkpoint == RunFiles.PreviousCheckpoint)
                File.Move(folder.PathOf(RunFiles.PreviousCheckpoint), folder.PathOf(RunFiles.Checkpoint), overwrite: true);
            JsonFile.Write(folder.PathOf(RunFiles.Description), running);
            File.Delete(folder.PathOf(RunFiles.Metrics));
            return folder;
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }

    /// <summary>The description of the run in a folder, or null where there is none.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static RunDescription? Find(string path)
    {
        string file = Path.Combine(path, RunFiles.Description);
        return InputFile.IsThere(file) ? JsonFile.Read<RunDescription>(file, Advice) : null;
    }

    /// <summary>Removes what a process that was killed at the very end of a run has left beside its results.</summary>
    /// <exception cref="InputException">Something cannot be removed, or another process is training here.</exception>
    public static void Tidy(string path)
    {
        // Where there is nothing, a finished run is only read: its folder may be write-protected.
        if (!Opened(path, () => RunFiles.HasRemains(path) || FolderLock.HasTraces(path)))
            return;
        using FolderLock owned = FolderLock.Take(path, "run");
        RemoveRemains(path);
    }

    /// <summary>Checks, before anything is done for it, that a run may begin in a folder.</summary>
    /// <exception cref="InputException">It holds a run that must not be replaced, or is a file.</exception>
    public static void CheckFree(string path, bool force)
    {
        OutputFolder.Check(path);
        if (!force && RunFiles.FirstIn(path) is { } existing)
        {
            throw new InputException(
                $"{path}: holds a run already ({existing}); name another folder{Hint.With(Settings.OutputFolder)}, " +
                $"take that run up again{Hint.With(Settings.Resumption)}, or replace it{Hint.With(Settings.Replacement)}");
        }
    }

    /// <summary>Adds an epoch to the metrics.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record)
    {
        _owned.EnsureHeld(atOnce: false);
        _metrics.Append(record);
    }

    /// <summary>Writes a checkpoint, and keeps the one before it.</summary>
    /// <param name="state">The training after the last record that was appended.</param>
    /// <exception cref="IOException">A file cannot be written; the last checkpoint can still be used.</exception>
    public void Save(TrainingState state)
    {
        _owned.EnsureHeld(atOnce: true);
        // The metrics reach the disk before a checkpoint that counts on them.
        var checkpoint = new Checkpoint(state, _metrics.Mark(), _arithmetic);
        // A process that is killed between the two leaves the previous one, which is as good.
        if (File.Exists(PathOf(RunFiles.Checkpoint)))
            File.Move(PathOf(RunFiles.Checkpoint), PathOf(RunFiles.PreviousCheckpoint), overwrite: true);
        CheckpointFile.Write(PathOf(RunFiles.Checkpoint), checkpoint);
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
        _owned.EnsureHeld(atOnce: true);
        var sha256 = new Dictionary<string, string>();
        try
        {
            sha256[RunFiles.Metrics] = _metrics.Complete();
        }
        finally
        {
            // Each is written even if the other cannot be, such as for lack of room.
            TrainingState state = trainer.ReadState();
            if (state.Parameters.All(float.IsFinite))
                Write(RunFiles.Model, path => SavedModel.Save(path, plan, state.Parameters, model));
            else
                File.Delete(PathOf(RunFiles.Model));
            if (trainer.Divergence is null && state.Optimizer is { Tensors.Count: > 0 } kept)
                Write(RunFiles.Optimizer, path => SavedOptimizer.Save(path, plan, _description.Training.Options.Optimizer, kept));
            else
                File.Delete(PathOf(RunFiles.Optimizer));
        }
        void Write(string name, Action<string> save)
        {
            save(PathOf(name));
            sha256[name] = RunResults.Sha256Of(PathOf(name));
        }

        _description = _description with
        {
            Outcome = trainer.Outcome,
            Reason = trainer.Divergence,
            Defect = trainer.Divergence is null ? trainer.FindDefect() : null,
            Final = trainer.Last,
            Seconds = trainer.Seconds,
            Sha256 = sha256,
            Device = _description.Device with { Arithmetic = _arithmetic },
        };
        JsonFile.Write(PathOf(RunFiles.Description), _description);
        if (_description.IsFinished)
            RemoveRemains(_folder);
        return _description;
    }

    /// <summary>Closes the files, and lets other processes have the folder.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        _owned.Dispose();
    }

    /// <summary>The error that another process has the folder.</summary>
    internal static FolderTakenException Taken(string path, Exception cause) =>
        FolderLock.Refusal(path, FolderLock.OwnerOf(path) ?? "another process", "run", cause);

    /// <summary>Takes a folder, and lets it go again where it cannot be opened.</summary>
    private static RunFolder? Owned(string path, Func<FolderLock, RunFolder?> open)
    {
        FolderLock owned = FolderLock.Take(path, "run");
        RunFolder? opened = null;
        try
        {
            return opened = open(owned);
        }
        finally
        {
            if (opened is null)
                owned.Dispose();
        }
    }

    private static void RemoveRemains(string path) => Opened(path, () =>
    {
        RunFiles.DeleteRemains(path);
        foreach (string name in RunFiles.Passing)
            File.Delete(Path.Combine(path, name));
        return true;
    });

    /// <summary>Does something with a folder, and says in one line why it cannot be done.</summary>
    private static T Opened<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (FileErrors.IsTaken(error))
        {
            throw Taken(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw OutputFolder.CannotWrite(path, error);
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
