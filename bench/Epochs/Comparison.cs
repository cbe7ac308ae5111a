using System.Diagnostics;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>Times two programs in turns.</summary>
internal static class Comparison
{
    /// <summary>Largest relative difference of losses that rounding explains.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>How long a turn is timed at least: a training is many epochs one after the other.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(300);

    // After a pass LibTorch's threads spin for some milliseconds, in case there is more to do, before they sleep.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Times both, ours, theirs, ours, theirs: other users of the machine slow down both alike. Before that the first step
    /// checks that they compute the same. Each turn begins with an epoch that is not timed, after which the caches hold what the
    /// program whose turn it is needs, as they do in a training.
    /// </summary>
    /// <remarks>
    /// The check cannot take a whole epoch of small batches: at this learning rate hundreds of steps turn the last bit of
    /// the first one into another loss, also between LibTorch with one thread and with two.
    /// </remarks>
    /// <param name="ours">This program.</param>
    /// <param name="theirs">LibTorch, or null where it cannot be loaded.</param>
    /// <param name="repeats">Turns of each; a turn gives the mean time of its epochs.</param>
    /// <param name="disagreement">How the results differ; null where they agree.</param>
    public static (Timings Ours, Timings? Theirs) Run(IEpochs ours, IEpochs? theirs, int repeats, out string? disagreement)
    {
        EpochLosses our = ours.Run(batches: 1);
        disagreement = theirs is null ? null : Compare(our, theirs.Run(batches: 1));
        Timings ourTimes = new(), theirTimes = new();
        for (int i = 0; i < repeats; i++)
        {
            Time(ours, ourTimes);
            if (theirs is not null)
                Time(theirs, theirTimes);
        }
        return (ourTimes, theirs is null ? null : theirTimes);
    }

    private static void Time(IEpochs epochs, Timings timings)
    {
        Thread.Sleep(Pause);
        epochs.Run();
        int count = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            epochs.Run();
            count++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < Turn);
        timings.Add(elapsed.TotalSeconds / count);
    }

    private static string? Compare(EpochLosses ours, EpochLosses theirs) =>
        Agree(ours.TrainLoss, theirs.TrainLoss) && Agree(ours.TestLoss, theirs.TestLoss)
            ? null
            : "losses of the first step, training before it and test after it: " +
                FormattableString.Invariant($"ours {ours.TrainLoss:g6}, {ours.TestLoss:g6}; ") +
                FormattableString.Invariant($"LibTorch {theirs.TrainLoss:g6}, {theirs.TestLoss:g6}");

    // Written so that values that are no numbers disagree.
    private static bool Agree(double a, double b) => Math.Abs(a - b) <= Tolerance * Math.Max(Math.Abs(a), Math.Abs(b));
}
