using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Experiments;

/// <summary>One training of an experiment, and how far it has come before this process.</summary>
/// <param name="Model">The model.</param>
/// <param name="Setup">What is trained.</param>
/// <param name="Folder">The folder of its results.</param>
/// <param name="EpochsDone">Epochs that need not be trained again.</param>
/// <param name="Result">How it ended; null where it has not.</param>
/// <param name="Problem">Why it can neither go on nor be taken for finished, and what to do; null where it can.</param>
internal sealed record PlannedRun(
    ExperimentModel Model, TrainingSetup Setup, string Folder, int EpochsDone, RunDescription? Result, Wording? Problem = null)
{
    /// <summary>Which of the model's runs it is, from 0.</summary>
    public int Run => Setup.Options.Run;

    /// <summary>
    /// Plans the runs of an experiment: first run 0 of every model, so that even a few runs can be compared. What a kill at the
    /// very end of a run has left beside its results is removed.
    /// </summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="models">The models.</param>
    /// <param name="runs">Runs per model.</param>
    /// <param name="setUp">Sets up a run of a model.</param>
    /// <param name="device">The device.</param>
    /// <param name="shard">Which of them this process has beside others; null for all, with no others.</param>
    public static IReadOnlyList<PlannedRun> Plan(
        string folder, IReadOnlyList<ExperimentModel> models, int runs, Func<ExperimentModel, int, TrainingSetup> setUp,
        RunDevice device, Shard? shard = null) =>
        [.. Enumerable.Range(0, runs).SelectMany(run => models
            .Where((_, place) => shard?.Has(place, run, runs) != false)
            .Select(model =>
                Plan(ExperimentFolder.RunFolder(folder, model, run), model, setUp(model, run), device, shard is not null)))];

    /// <summary>What is told of a run with a problem.</summary>
    public static Wording LeftOut(Wording problem) => $"left out: {problem}";

    private static PlannedRun Plan(
        string folder, ExperimentModel model, TrainingSetup setup, RunDevice device, bool isShared)
    {
        var run = new PlannedRun(model, setup, folder, 0, null);
        try
        {
            return run.After(device);
        }
        catch (FolderTakenException) when (isShared)
        {
            // What becomes of it is seen when its turn comes.
            return run;
        }
        catch (InputException error)
        {
            return run with { Problem = error.Wording };
        }
    }

    /// <summary>This run with what an earlier process has done for it.</summary>
    /// <exception cref="FolderTakenException">Another process is at work on it.</exception>
    /// <exception cref="InputException">
    /// It is not of this experiment, a half run is of another device, or its files are odd or cannot be read or removed.
    /// </exception>
    private PlannedRun After(RunDevice device)
    {
        OutputFolder.Check(Folder);
        if (RunProgress.Find(Folder, warn: _ => { }) is not { } progress)
            return this;
        RunDescription wanted = Setup.Describe(device);
        progress.Begun.CheckSame(wanted, Folder);
        progress.CheckLeadsTo(wanted);
        if (!progress.IsEndOf(wanted))
            return this with { EpochsDone = progress.State?.Epoch ?? 0 };
        Tidy();
        return this with { EpochsDone = progress.Begun.Final!.Epoch, Result = progress.Begun };
    }

    private void Tidy()
    {
        try
        {
            RunFolder.Tidy(Folder);
        }
        catch (FolderTakenException)
        {
            // Who is just finishing it does so.
            return;
        }
    }
}
