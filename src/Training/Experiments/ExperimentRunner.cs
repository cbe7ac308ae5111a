using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// Trains the runs of an experiment, one at a time on each of several opened devices. Which run meets which device does not
/// matter, because a run depends on nothing but its own setup.
/// </summary>
/// <param name="executors">Opened devices with their executors, all of the same kind; one training at a time on each.</param>
/// <param name="interval">How often checkpoints are saved.</param>
internal sealed class ExperimentRunner(IReadOnlyList<ExecutorFactory> executors, CheckpointInterval interval)
{
    private const int MeasuredEpochs = 3;

    /// <summary>After how long another process is asked again whether it has left a run.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Trains each model for a few epochs, as many models at the same time as there will be runs, and saves nothing. Of variants
    /// that take as long one is measured.
    /// </summary>
    /// <param name="runs">The runs to come; the first of each model is measured.</param>
    /// <param name="cancellation">Ends it after the current epochs.</param>
    /// <returns>What was measured, by the models' folders.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyDictionary<string, ModelCost> Measure(IEnumerable<PlannedRun> runs, CancellationToken cancellation)
    {
        var costs = new ConcurrentDictionary<string, ModelCost>();
        var alike = runs.DistinctBy(run => run.Model.Folder).ToLookup(CostKeyOf);
        ForEach(
            alike.Select(group => group.First()),
            (run, job, token) =>
            {
                ModelCost cost = Measure(run.Setup, executors[job], token);
                foreach (PlannedRun same in alike[CostKeyOf(run)])
                    costs[same.Model.Folder] = cost;
                return true;
            },
            cancellation);
        cancellation.ThrowIfCancellationRequested();
        return costs;
    }

    /// <summary>
    /// Trains the runs, in their order, to their end or until it is cancelled. One whose folder cannot be used is left out.
    /// </summary>
    /// <param name="runs">The runs that are not finished.</param>
    /// <param name="report">Told what happens, from several threads.</param>
    /// <param name="requests">Asks every training for a checkpoint; null where nobody does.</param>
    /// <param name="cancellation">Ends every training after its current epoch, with a checkpoint.</param>
    /// <exception cref="IOException">
    /// Results cannot be written. The other trainings have been ended with a checkpoint.
    /// </exception>
    public void Run(IEnumerable<PlannedRun> runs, Action<ExperimentEvent> report, CheckpointRequests? requests = null,
        CancellationToken cancellation = default) =>
        ForEach(
            runs,
            (run, job, token) =>
            {
                try
                {
                    Train(run, job, report, requests, token);
                }
                catch (FolderTakenException taken)
                {
                    report(new ExperimentEvent(run, job, Problem: taken.Wording));
                }
                return true;
            },
            cancellation);

    /// <summary>
    /// The same beside other processes: a run in which one is at work comes last, and is waited for until that one has finished
    /// it, leaves it or counts as dead; see <see cref="FolderLock"/>.
    /// </summary>
    /// <inheritdoc cref="Run"/>
    public void RunShared(IEnumerable<PlannedRun> runs, Action<ExperimentEvent> report, CheckpointRequests? requests = null,
        CancellationToken cancellation = default)
    {
        var told = new ConcurrentDictionary<PlannedRun, bool>();
        ForEach(
            runs,
            (run, job, token) =>
            {
                try
                {
                    Train(run, job, report, requests, token);
                    return true;
                }
                catch (FolderTakenException taken)
                {
                    string warning = $"{taken.Owner} is at work on {run.Folder}, and is waited for";
                    if (told.TryAdd(run, true))
                        report(new ExperimentEvent(run, job, Warning: warning));
                    token.WaitHandle.WaitOne(AskAgain);
                    return false;
                }
            },
            cancellation);
    }

    private void Train(PlannedRun run, int job, Action<ExperimentEvent> report, CheckpointRequests? requests,
        CancellationToken cancellation)
    {
        report(new ExperimentEvent(run, job));
        RunFolder? opened;
        try
        {
            opened = Open(run, job, report);
        }
        catch (InputException error) when (error is not FolderTakenException)
        {
            report(new ExperimentEvent(run, job, Problem: error.Wording));
            return;
        }
        if (opened is null)
            return;
        using RunFolder folder = opened;
        using IExecutor executor = executors[job].Create(run.Setup.Plan);
        using var session = new TrainingSession(run.Setup, executor, folder, interval);
        foreach (EpochRecord record in session.Run(requests, cancellation))
            report(new ExperimentEvent(run, job, Record: record));
        if (session.Trainer.Outcome == TrainingOutcome.Interrupted)
            return;
        RunDescription ended = session.Complete()!;
        if (ended.Defect is { } defect)
            report(new ExperimentEvent(run, job, Warning: $"{run.Model.Name} run {run.Run}: {defect}"));
        report(new ExperimentEvent(run, job, Result: ended));
    }

    /// <summary>Opens the folder of a run; null where another process has finished it since it was planned.</summary>
    private RunFolder? Open(PlannedRun run, int job, Action<ExperimentEvent> report)
    {
        RunDescription description = run.Setup.Describe(RunDevice.Of(executors[job]));
        RunFolder? folder = RunFolder.TryResume(
            run.Folder, description, warning => report(new ExperimentEvent(run, job, Warning: warning)));
        if (folder is null)
            report(new ExperimentEvent(run, job, Result: RunFolder.Find(run.Folder)));
        return folder;
    }

    /// <summary>What decides how long an epoch takes: most variants of a model differ in nothing of it.</summary>
    private static object CostKeyOf(PlannedRun run)
    {
        TrainingSetup setup = run.Setup;
        return (
            setup.Plan.Network.ToString(), setup.Dataset, setup.InputScale, setup.Options.BatchSize, setup.Options.Optimizer,
            setup.Options.EvaluateEvery, Math.Min(setup.Options.Epochs, MeasuredEpochs));
    }

    private static ModelCost Measure(TrainingSetup setup, ExecutorFactory executors, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using IExecutor executor = executors.Create(setup.Plan);
        // One more than is counted: in the first, code is compiled.
        int epochs = Math.Min(setup.Options.Epochs, MeasuredEpochs + 1);
        using var trainer = new Trainer(
            executor, setup.TrainSamples, setup.TestSamples, setup.Options with { Epochs = epochs }, setup.Start);
        double preparation = clock.Elapsed.TotalSeconds;
        double[] seconds = [.. trainer.Run(cancellation).Skip(1).Select(record => record.Seconds)];
        double[] counted = seconds.Length > 1 ? seconds[1..] : seconds;
        return new ModelCost(preparation, counted.DefaultIfEmpty(0).Average());
    }

    /// <summary>
    /// Works through items in their order, on as many threads as there are devices; one that cannot be worked on yet comes again
    /// behind the others. After a failure the others are told to end, and the failure is thrown when they have.
    /// </summary>
    private void ForEach(IEnumerable<PlannedRun> runs, Func<PlannedRun, int, CancellationToken, bool> work,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var queue = new ConcurrentQueue<PlannedRun>(runs);
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, executors.Count).Select(job => new Thread(() =>
        {
            try
            {
                while (!stop.IsCancellationRequested && queue.TryDequeue(out PlannedRun? run))
                {
                    if (!work(run, job, stop.Token))
                        queue.Enqueue(run);
                }
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
                stop.Cancel();
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        failure?.Throw();
    }
}
