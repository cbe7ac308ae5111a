using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IlgpuDistance.Cli;

/// <summary>
/// Shows an experiment on standard output: a line per finished run; on a terminal, below them, bars for the whole and for
/// each training that is going on; in a file or pipe, a line per percent of the whole instead.
/// </summary>
/// <param name="runs">All runs, those that were finished before too.</param>
/// <param name="estimate">What is known about the time; brought up to date here.</param>
/// <param name="quiet">Whether nothing but warnings is shown.</param>
internal sealed class ExperimentDisplay(IReadOnlyList<PlannedRun> runs, TimeEstimate estimate, bool quiet)
{
    private const double LineEvery = 0.01;

    /// <summary>A percent of a short experiment is no news.</summary>
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    /// <summary>Between two changes of the bars: an epoch may take less than a millisecond.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    private readonly Channel<ExperimentEvent> _events = Channel.CreateUnbounded<ExperimentEvent>();
    private readonly SortedDictionary<int, (PlannedRun Run, int Epoch)> _training = [];
    private readonly List<PlannedRun> _leftOut = [];
    private int _finished = runs.Count(run => run.Result is not null);

    /// <summary>The runs whose folders could not be used.</summary>
    public IReadOnlyList<PlannedRun> LeftOut => _leftOut;

    /// <summary>Runs the work that reports events, and shows them until it ends.</summary>
    /// <param name="work">Takes the reports, from any thread, and a token that ends it.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void Show(Action<Action<ExperimentEvent>, CancellationToken> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task working = Task.Factory.StartNew(() =>
        {
            try
            {
                work(happened => _events.Writer.TryWrite(happened), stop.Token);
            }
            finally
            {
                _events.Writer.Complete();
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            if (!quiet && Terminal.IsLive)
                ShowBars();
            else
                ShowLines();
        }
        finally
        {
            // Where nothing can be shown any more, trainings that nobody sees must not go on.
            stop.Cancel();
            working.GetAwaiter().GetResult();
        }
    }

    private void ShowLines()
    {
        double shown = estimate.Done;
        long shownAt = Stopwatch.GetTimestamp();
        foreach (ExperimentEvent happened in Events())
        {
            if (Note(happened) || estimate.Done - shown >= LineEvery && Stopwatch.GetElapsedTime(shownAt) >= LineInterval)
            {
                if (happened.Result is null && !quiet)
                {
                    Terminal.Print(
                        $"{InPercent(estimate.Done)} done, {_finished} of {runs.Count} runs, " +
                        $"{Duration.Text(estimate.Seconds)} left");
                }

                (shown, shownAt) = (estimate.Done, Stopwatch.GetTimestamp());
            }
        }
    }

    private void ShowBars() => Terminal.Output.Progress()
        .AutoClear(true)
        .HideCompleted(true)
        .Columns(NarrowColumn.Or(
            Terminal.Output, LeftColumn.TextOf,
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
            new LeftColumn()))
        .Start(context =>
        {
            // The whole has the key −1, a training that of its job.
            SortedDictionary<int, ProgressTask> bars = [];
            long shown = 0;
            foreach (ExperimentEvent happened in Events())
            {
                if (!Note(happened) && Stopwatch.GetElapsedTime(shown) < RefreshInterval)
                    continue;
                shown = Stopwatch.GetTimestamp();
                if (happened.Result is not null && bars.Remove(happened.Job, out ProgressTask? completed))
                    completed.StopTask();
                Set(-1, $"{_finished} of {runs.Count} runs", estimate.Done, estimate.Seconds);
                foreach (var (job, (run, epoch)) in _training)
                {
                    int epochs = run.Setup.Options.Epochs;
                    Set(job, $"{run.Model.Name} run {run.Run}, epoch {epoch}/{epochs}", epochs == 0 ? 1 : (double)epoch / epochs,
                        estimate.SecondsOf(run));
                }
            }

            void Set(int key, string description, double done, double left)
            {
                if (!bars.TryGetValue(key, out ProgressTask? bar))
                    bars[key] = bar = context.AddTask(Markup.Escape(description), maxValue: 1);
                bar.Description = Markup.Escape(description);
                // A full bar is taken for a completed one and vanishes, before the results are saved.
                bar.Value = Math.Min(done, 0.9999);
                bar.State.Update<double>(LeftColumn.Key, _ => left);
            }
        });

    /// <summary>Takes notice of an event, and says whether it is one to show at once.</summary>
    private bool Note(ExperimentEvent happened)
    {
        if (happened.Warning is not null)
            Terminal.Warn(happened.Warning);
        if (happened.Problem is not null)
        {
            Terminal.Warn(PlannedRun.LeftOut(happened.Problem));
            estimate.End(happened.Run);
            _training.Remove(happened.Job);
            _leftOut.Add(happened.Run);
            return false;
        }
        if (happened.Record is not null)
            estimate.Add(happened.Run, happened.Record);
        if (happened.Result is null)
        {
            _training[happened.Job] = (happened.Run, happened.Record?.Epoch ?? happened.Run.EpochsDone);
            return false;
        }
        estimate.End(happened.Run);
        _training.Remove(happened.Job);
        _finished++;
        if (!quiet)
            Terminal.Print(LineOf(happened.Run, happened.Result));
        return true;
    }

    private string LineOf(PlannedRun run, RunDescription result)
    {
        EpochRecord last = result.Final!;
        string outcome = result.Outcome == TrainingOutcome.Diverged
            ? $"diverged: {result.Reason}"
            : $"train {last.TrainAccuracy:0.00} %  test {last.TestAccuracy:0.00} %  loss {LossText.Of(last.Loss)}  in " +
                $"{Duration.Text(result.Seconds)}";
        string count = $"{_finished}".PadLeft($"{runs.Count}".Length);
        // The bars show the time that is left.
        string left = Terminal.IsLive ? "" : $"  ({Duration.Text(estimate.Seconds)} left)";
        return $"{count}/{runs.Count}  {run.Model.Name} run {run.Run}: {outcome}{left}";
    }

    private IEnumerable<ExperimentEvent> Events()
    {
        while (_events.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_events.Reader.TryRead(out ExperimentEvent? happened))
                yield return happened;
        }
    }

    private static string InPercent(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.0} %");

    /// <summary>The time that is left, which is known better here than from the speed of a bar.</summary>
    private sealed class LeftColumn : ProgressColumn
    {
        public const string Key = "left";

        public static string TextOf(ProgressTask task) => $"{Duration.Text(task.State.Get<double>(Key))} left";

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(TextOf(task));
    }
}
