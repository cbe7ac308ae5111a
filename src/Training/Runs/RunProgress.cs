using System.Text;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// How far the run in a folder has come, as far as its files can be trusted. It is found by reading alone: whatever is odd is
/// an error that says what to do, and leaves every file as it is.
/// </summary>
internal sealed record RunProgress
{
    internal static readonly Wording Again =
        $"or begin the run again, by deleting this folder{new Hint("or with", Settings.Replacement)}";

    private readonly string _folder;

    private RunProgress(string folder, RunDescription begun)
    {
        _folder = folder;
        Begun = begun;
        Device = begun.Device;
    }

    /// <summary>What the folder says of the run.</summary>
    public RunDescription Begun { get; }

    /// <summary>Where the run goes on; null where it begins, and where nothing can go on.</summary>
    public TrainingState? State { get; private init; }

    /// <summary>The metrics up to the line of the state's last record.</summary>
    internal byte[] Metrics { get; private init; } = Encoding.UTF8.GetBytes(MetricsFile.Header + "\n");

    /// <summary>The name of the checkpoint that has the state; null where it comes from the results.</summary>
    internal string? Checkpoint { get; private init; }

    /// <summary>On what the state was computed.</summary>
    private RunDevice Device { get; init; }

    /// <summary>Whether the run has ended, and its results are as it left them.</summary>
    private bool HasEnded { get; init; }

    /// <summary>Finds out how far a run has come; null where there is none.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="warn">Told in one sentence that a checkpoint is damaged and the one before it is used.</param>
    /// <exception cref="InputException">
    /// A file is damaged, missing or changed so that nothing says how to go on; or another process is training here.
    /// </exception>
    public static RunProgress? Find(string folder, Action<string> warn)
    {
        if (RunFolder.Find(folder) is not { } begun)
            return FindBegun(folder, warn);
        var beginning = new RunProgress(folder, begun);
        try
        {
            if (begun.Outcome == TrainingOutcome.Running)
                return beginning.FromCheckpoints(warn) ?? beginning;
            if (RunResults.Problem(folder, begun) is not { } problem)
                return beginning.FromResults();
            string outcome = begun.Outcome.ToString().ToLowerInvariant();
            return beginning.FromCheckpoints(warn)
                ?? throw new InputException(
                    $"{folder}: this run is {outcome}, but {problem}; put the file back as it was, {Again}");
        }
        catch (Exception error) when (FileErrors.IsTaken(error))
        {
            throw RunFolder.Taken(folder, error);
        }
        catch (FileNotFoundException error) when (FolderLock.OwnerOf(folder) is not null)
        {
            // The owner has renamed it between the look and the reading.
            throw RunFolder.Taken(folder, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>
    /// The run that has begun since the look that found none; null where there is still none. Every run begins with its
    /// description.
    /// </summary>
    private static RunProgress? FindBegun(string folder, Action<string> warn)
    {
        if (RunFiles.FirstIn(folder) is not { } existing)
            return null;
        if (File.Exists(Path.Combine(folder, RunFiles.Description)))
            return Find(folder, warn);
        throw new InputException(
            $"{folder}: {RunFiles.Description}, which says what is trained here, is missing beside {existing}; " +
            $"put it back, {Again}");
    }

    /// <summary>Whether nothing is left to train. What has diverged would do so with any number of epochs.</summary>
    /// <param name="wanted">What is to be run.</param>
    public bool IsEndOf(RunDescription wanted) =>
        HasEnded && Begun.IsFinished && (Begun.Outcome == TrainingOutcome.Diverged || !(wanted.Epochs > Begun.Final!.Epoch));

    /// <summary>Checks that the run is the one that is wanted now, or the beginning of it with fewer epochs.</summary>
    /// <param name="wanted">What is to be run.</param>
    /// <exception cref="InputException">Something that decides the result is different; the message names it.</exception>
    public void CheckLeadsTo(RunDescription wanted)
    {
        Begun.CheckSameButEpochs(wanted, _folder);
        if (wanted.Epochs < (State?.Epoch ?? Begun.Final?.Epoch))
        {
            throw new InputException(
                $"{Settings.Epochs} {wanted.Epochs}: {_folder} has {State?.Epoch ?? Begun.Final!.Epoch} epochs already; " +
                $"ask for as many or more, or name another folder{Hint.With(Settings.OutputFolder)}");
        }
        if (IsEndOf(wanted))
            return;
        if (State is not null)
        {
            Device.CheckSame(wanted.Device, _folder);
        }
        else if (HasEnded)
        {
            throw new InputException(
                $"{Settings.Epochs} {wanted.Epochs}: {_folder} was trained by an earlier version of this program, " +
                $"after which none can go on; name another folder{Hint.With(Settings.OutputFolder)}");
        }
    }

    private RunProgress FromResults() => new(_folder, Begun)
    {
        HasEnded = true,
        State = RunResults.FindState(_folder, Begun),
        Metrics = MetricsText.WithoutLastLine(File.ReadAllBytes(Path.Combine(_folder, RunFiles.Metrics))),
    };

    /// <summary>The newest checkpoint; null where there is none.</summary>
    private RunProgress? FromCheckpoints(Action<string> warn)
    {
        string? damaged = null;
        foreach (string name in RunFiles.Checkpoints.Where(name => File.Exists(Path.Combine(_folder, name))))
        {
            string file = Path.Combine(_folder, name);
            try
            {
                RunProgress found = From(name, CheckpointFile.Read(file));
                if (damaged is not null)
                    warn($"{damaged}; the checkpoint before it is used.");
                return found;
            }
            catch (InvalidDataException error)
            {
                damaged ??= $"{file} {error.Message}";
            }
        }
        return damaged is null ? null : throw new InputException(
            $"{damaged}, and there is no other checkpoint; put it back as it was, {Again}");
    }

    private RunProgress From(string name, Checkpoint checkpoint)
    {
        string file = Path.Combine(_folder, name);
        if (checkpoint.State.Parameters.Length != Begun.Parameters)
        {
            throw new InputException(
                $"{file}: has {checkpoint.State.Parameters.Length} parameters where the run has {Begun.Parameters}; " +
                $"put back the run's own, {Again}");
        }
        Optimizer optimizer = Begun.Training.Options.Optimizer;
        if (checkpoint.State.Epoch > 0 && !optimizer.State.SequenceEqual(
            checkpoint.State.Optimizer!.Tensors.Select(tensor => tensor.Name)))
        {
            throw new InputException($"{file}: does not hold what \"{optimizer}\" keeps; put back the run's own, {Again}");
        }

        string metrics = Path.Combine(_folder, RunFiles.Metrics);
        return new RunProgress(_folder, Begun)
        {
            State = checkpoint.State,
            Checkpoint = name,
            Device = Begun.Device with { Arithmetic = checkpoint.Arithmetic },
            Metrics = MetricsText.UpTo(checkpoint.Metrics, MetricsFile.ReadNow(metrics)) ?? throw new InputException(
                $"{MetricsFile.NameNow(metrics)}: its first {checkpoint.Metrics.Bytes} bytes are not those " +
                $"that {name} goes on from; put the file back as it was, {Again}"),
        };
    }
}
