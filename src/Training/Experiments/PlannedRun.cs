using IlgpuDistance.Gpu;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Experiments;

/// <summary>One training of an experiment, and how far it has come before this process.</summary>
/// <param name="Model">The model.</param>
/// <param name="Setup">What is trained.</param>
/// <param name="Folder">The folder of its results.</param>
/// <param name="EpochsDone">Epochs that need not be trained again.</param>
/// <param name="Result">How it ended; null where it has not.</param>
public sealed record PlannedRun(ExperimentModel Model, TrainingSetup Setup, string Folder, int EpochsDone, RunDescription? Result)
{
    /// <summary>Which of the model's runs it is, from 0.</summary>
    public int Run => Setup.Options.Run;

    /// <summary>Plans the runs of an experiment: first run 0 of every model, so that even a few runs can be compared.</summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="models">The models.</param>
    /// <param name="runs">Runs per model.</param>
    /// <param name="setUp">Sets up a run of a model.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="InputException">
    /// A run's folder cannot be read, is not of this experiment, or holds a half run of another device.
    /// </exception>
    public static IReadOnlyList<PlannedRun> Plan(
        string folder, IReadOnlyList<ExperimentModel> models, int runs, Func<ExperimentModel, int, TrainingSetup> setUp, RunDevice device) =>
        [.. Enumerable.Range(0, runs).SelectMany(run => models.Select(model =>
            Plan(ExperimentFolder.RunFolder(folder, model, run), model, setUp(model, run), device)))];

    private static PlannedRun Plan(string folder, ExperimentModel model, TrainingSetup setup, RunDevice device)
    {
        RunDescription wanted = setup.Describe(device);
        RunDescription? begun = RunFolder.Find(folder);
        begun?.CheckSame(wanted, folder);
        if (begun is { IsFinished: true })
        {
            RunFolder.CheckResults(folder);
            return new PlannedRun(model, setup, folder, begun.Final!.Epoch, begun);
        }
        TrainingState? state = begun is null ? null : RunFolder.FindState(folder);
        if (state is not null)
            begun!.CheckSameDevice(wanted, folder);
        return new PlannedRun(model, setup, folder, state?.Epoch ?? 0, null);
    }
}
