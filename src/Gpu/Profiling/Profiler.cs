using System.Diagnostics;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>Finds out where the time of an executor's epochs goes.</summary>
public static class Profiler
{
    /// <summary>Epochs of either kind that are run however long they take.</summary>
    internal const int LeastEpochs = 2;

    /// <summary>
    /// Runs epochs: some to warm up, in which code is compiled and caches are filled, then in turns one without timers and one
    /// with them, so that whatever else the machine does slows down both alike.
    /// </summary>
    /// <param name="executor">Runs the epochs.</param>
    /// <param name="epoch">
    /// Runs one epoch with the executor; false where there is none left, which ends the profile early.
    /// </param>
    /// <param name="epochs">Epochs of either kind, at least 1.</param>
    /// <param name="warmUp">Epochs before them.</param>
    /// <param name="seconds">
    /// After this time no more epochs begin, but for the <see cref="LeastEpochs"/>; those to warm up do not count.
    /// </param>
    /// <param name="cancellation">Ends the profile after the current epoch.</param>
    /// <returns>The profile of as many epochs as there were; null where it ended before the first timed epoch.</returns>
    public static EpochProfile? Measure(
        IExecutor executor, Func<bool> epoch, int epochs, int warmUp, double seconds = double.PositiveInfinity,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        WorkRecorder recorder = WorkRecorder.For(executor);
        for (int i = 0; i < warmUp; i++)
        {
            // The last one with timers, into a log that is thrown away: their code is compiled now, too.
            bool timed = i == warmUp - 1;
            if (timed)
                recorder.Start(new WorkLog(recorder.Threads));
            bool done = !cancellation.IsCancellationRequested && epoch();
            if (timed)
                recorder.Stop();
            if (!done)
                return null;
        }

        var log = new WorkLog(recorder.Threads);
        var spans = new List<EpochSpan>();
        long first = Stopwatch.GetTimestamp();
        while (spans.Count < 2 * epochs && !cancellation.IsCancellationRequested)
        {
            bool timed = spans.Count % 2 == 1;
            if (!timed && spans.Count >= 2 * LeastEpochs && Stopwatch.GetElapsedTime(first).TotalSeconds >= seconds)
                break;
            if (timed)
                recorder.Start(log);
            long begun = Stopwatch.GetTimestamp();
            bool done = epoch();
            long ended = Stopwatch.GetTimestamp();
            if (timed)
                recorder.Stop();
            if (!done)
                break;
            spans.Add(new EpochSpan(timed, log.At(begun), Stopwatch.GetElapsedTime(begun, ended).TotalSeconds));
        }
        // An epoch without timers that has no counterpart would be compared with another mean.
        if (spans.Count % 2 == 1)
            spans.RemoveAt(spans.Count - 1);
        return spans.Count == 0 ? null : new EpochProfile
        {
            Timer = recorder.Timer,
            Threads = recorder.Threads,
            Epochs = spans,
            Work = log.Totals,
            Spans = log.Spans,
            SpanCount = log.Count,
        };
    }
}
