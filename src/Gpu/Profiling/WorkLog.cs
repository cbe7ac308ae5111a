using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>Collects what recorders have timed: the totals of all of it, and the first pieces one by one.</summary>
/// <param name="threads">Threads that work side by side.</param>
internal sealed class WorkLog(int threads)
{
    /// <summary>Pieces that are kept for a trace: more than a viewer opens with ease.</summary>
    public const int MostSpans = 500_000;

    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, Sum> _sums = [];
    private readonly List<WorkSpan> _spans = [];

    /// <summary>The first pieces of work.</summary>
    public IReadOnlyList<WorkSpan> Spans => _spans;

    /// <summary>Pieces of work in all, those that were not kept included.</summary>
    public long Count { get; private set; }

    /// <summary>The totals, longest first.</summary>
    public IReadOnlyList<WorkTotal> Totals =>
    [
        .. _sums.Select(pair =>
            new WorkTotal(pair.Key, pair.Value.Calls, pair.Value.Seconds / threads, pair.Value.Flop, pair.Value.Bytes))
            .OrderByDescending(total => total.Seconds),
    ];

    /// <summary>A timestamp of <see cref="Stopwatch"/> in seconds since the log was begun.</summary>
    public double At(long timestamp) => Stopwatch.GetElapsedTime(_begun, timestamp).TotalSeconds;

    /// <summary>Adds a piece of work.</summary>
    public void Add(in WorkSpan span)
    {
        ref Sum sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, span.Name, out _);
        sum.Calls++;
        sum.Seconds += span.Seconds;
        sum.Flop += span.Flop;
        sum.Bytes += span.Bytes;
        if (Count++ < MostSpans)
            _spans.Add(span);
    }

    private record struct Sum(int Calls, double Seconds, double Flop, double Bytes);
}
