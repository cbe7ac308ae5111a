using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Experiments;

/// <summary>Trains the runs of an experiment, or a share of them, and tells what becomes of them.</summary>
internal sealed class ExperimentTraining
{
    private readonly ReproduceVerb _verb;
    private readonly Shard? _share;
    private readonly PlannedRun[] _runs;
    private readonly HashSet<PlannedRun> _leftOut = [];

    /// <summary>Takes the runs that can be trained, and tells of the others.</summary>
    /// <param name="verb">The verb with the options.</param>
    /// <param name="share">The share; null for all runs.</param>
    /// <param name="planned">All runs of it.</param>
    public ExperimentTraining(ReproduceVerb verb, Shard? share, IReadOnlyList<PlannedRun> planned)
    {
        (_verb, _share, _runs) = (verb, share, [.. planned]);
        foreach (PlannedRun run in planned.Where(run => run.Problem is not null))
        {
            _leftOut.Add(run);
            Terminal.Warn(PlannedRun.LeftOut(run.Problem!));
        }
    }

    /// <summary>The runs that can be trained or are finished.</summary>
    public PlannedRun[] Runs => [.. _runs.Where(run => !_leftOut.Contains(run))];

    private bool Quiet => _verb.Quiet;

    /// <summary>Trains what is left and, where this process has all runs, writes the report.</summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="data">The data.</param>
    /// <param name="devices">Where to train.</param>
    /// <param name="interval">How often checkpoints are saved.</param>
    /// <returns>The exit code.</returns>
    public int Run(ExperimentFolder folder, ResolvedDataset data, ExperimentDevices devices, CheckpointInterval interval)
    {
        if (Runs.Length > 0)
        {
            devices.OpenFor(Runs.Count(run => run.Result is null));
            int jobs = devices.Executors.Count;
            if (!Quiet)
                PrintPlan(data, devices);
            Train(new ExperimentRunner(devices.Executors, interval), jobs);
        }
        RunDescription[] finished = Finished();
        if (finished.Length == Runs.Length)
        {
            void WritePage() => PageVerb.WritePageOf(
                folder.Path, data.Dataset, devices.First, _verb.OffsetL2Form, _verb.Interruption.Token);
            return Finish(folder, finished, WritePage);
        }
        Terminal.Tell(
            $"interrupted: {finished.Length} of {Runs.Length} runs are finished; see {_verb.Out}; the same command goes on");
        return _verb.Interruption.ExitCode;
    }

    private void Train(ExperimentRunner runner, int jobs)
    {
        PlannedRun[] runs = Runs, left = [.. runs.Where(run => run.Result is null)];
        try
        {
            var estimate = new TimeEstimate(runs, runner.Measure(left, _verb.Interruption.Token), jobs);
            if (!Quiet && left.Length > 0)
                EstimateText.Print(runs, estimate);
            CheckpointRequests requests =
                _verb.Interruption.OfferCheckpoints("each training saves a checkpoint after its epoch");
            var display = new ExperimentDisplay(runs, estimate, Quiet);
            try
            {
                display.Show(
                    (report, token) =>
                    {
                        if (_share is null)
                            runner.Run(left, report, requests, token);
                        else
                            runner.RunShared(left, report, requests, token);
                    },
                    _verb.Interruption.Token);
            }
            finally
            {
                _leftOut.UnionWith(display.LeftOut);
            }
        }
        catch (OperationCanceledException)
        {
            // During the measurement; what was finished before is told by the caller.
        }
        catch (Exception error)
        {
            string message = $"{Terminal.InWords(error)}; {Finished().Length} of {Runs.Length} runs are finished and kept, " +
                "and the same command goes on";
            throw error is InputException ? new InputException(message, error) : new InvalidOperationException(message, error);
        }
    }

    /// <summary>What is done when all runs are finished. Runs that diverged are a result, unless there is no other.</summary>
    private int Finish(ExperimentFolder folder, RunDescription[] finished, Action writePage)
    {
        int diverged = finished.Count(run => run.Outcome == TrainingOutcome.Diverged);
        Terminal.Print(
            $"{InRuns(finished.Length)} finished{(diverged == 0 ? "" : $", {diverged} of them diverged")}, " +
                $"{Duration.Text(finished.Sum(run => run.Seconds))} of training; see {folder.Path}");
        if (_share is not null && !Quiet)
            Terminal.Print($"share {_share} is done; \"{ShellWords.Command("report", folder.Path)}\" reports on all that are");
        if (_share is null && diverged < finished.Length)
            writePage();
        bool isReported = _share is not null || finished.Length == 0 || ReportVerb.WriteReport(folder.Path, output: null, Quiet);
        if (_leftOut.Count > 0)
        {
            Terminal.Fail(
                $"{InRuns(_leftOut.Count)} left out: see the warnings above for what to do, and give the same command again");
        }
        return isReported && _leftOut.Count == 0 ? 0 : 1;
    }

    private void PrintPlan(ResolvedDataset data, ExperimentDevices devices)
    {
        PlannedRun[] runs = Runs;
        int jobs = devices.Executors.Count;
        _verb.PrintHeading(
            data, devices.First, runs[0].Setup.Options, jobs == 1 ? "" : $", {jobs} trainings at the same time");
        ExperimentModel[] models = [.. runs.Select(run => run.Model).DistinctBy(model => model.Folder)];
        int kept = runs.Count(run => run.Result is not null),
            begun = runs.Count(run => run.Result is null && run.EpochsDone > 0);
        string before = (kept, begun) == (0, 0) ? "" : $"; {InRuns(kept)} finished before, {begun} to go on from a checkpoint";
        string each = models.Length == 1 ? "1 model" : $"each of {models.Length} models";
        string which = _share is null ? $"{InRuns(_verb.Runs!.Value)} of {each}"
            : $"share {_share}, {InRuns(runs.Length)} of {Numbers.Of(models.Length, "model")},";
        Terminal.Print($"{which} with seed {_verb.Seed}, in {_verb.Out}{before}");
        foreach (string line in VariedText.LinesOf(models))
            Terminal.Print(line);
    }

    private RunDescription[] Finished() =>
        [.. Runs.Select(run => run.Result ?? RunFolder.Find(run.Folder)).OfType<RunDescription>().Where(run => run.IsFinished)];

    private static string InRuns(int count) => Numbers.Of(count, "run");
}
