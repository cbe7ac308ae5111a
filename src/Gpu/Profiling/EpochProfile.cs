namespace IlgpuDistance.Gpu.Profiling;

/// <summary>Where the time of epochs went.</summary>
public sealed record EpochProfile
{
    /// <summary>How time was taken, in words.</summary>
    public required string Timer { get; init; }

    /// <summary>Threads that worked side by side; 1 on devices other than the CPU.</summary>
    public required int Threads { get; init; }

    /// <summary>All epochs behind the warm-up in their order: in turns one without timers and one with them.</summary>
    public required IReadOnlyList<EpochSpan> Epochs { get; init; }

    /// <summary>The work of all timed epochs by name, longest first.</summary>
    public required IReadOnlyList<WorkTotal> Work { get; init; }

    /// <summary>The work of the timed epochs piece by piece; of very much work the first part.</summary>
    public required IReadOnlyList<WorkSpan> Spans { get; init; }

    /// <summary>Pieces of work in all.</summary>
    public required long SpanCount { get; init; }

    /// <summary>Number of timed epochs, which is that of epochs without timers.</summary>
    public int TimedEpochs => Epochs.Count(epoch => epoch.Timed);

    /// <summary>Seconds of an epoch without timers, on average: the true ones.</summary>
    public double EpochSeconds => Epochs.Where(epoch => !epoch.Timed).Average(epoch => epoch.Seconds);

    /// <summary>Seconds of an epoch with timers, on average.</summary>
    public double TimedEpochSeconds => Epochs.Where(epoch => epoch.Timed).Average(epoch => epoch.Seconds);

    /// <summary>Seconds of an epoch that the timed work adds up to, on average.</summary>
    public double WorkSeconds => Work.Sum(work => work.Seconds) / TimedEpochs;

    /// <summary>
    /// What an epoch without timers takes beyond the timed work: launches, copies, and the host. Below 0 where timing makes the
    /// work itself slower than that.
    /// </summary>
    public double OtherSeconds => EpochSeconds - WorkSeconds;
}
