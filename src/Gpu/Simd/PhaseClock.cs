using System.Diagnostics;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The clock of one worker of the SIMD executor: every moment between its start and its last mark belongs to a phase.
/// </summary>
internal sealed class PhaseClock
{
    private readonly List<PhaseMark> _marks = [];
    private long _last;

    /// <summary>Begins a pass.</summary>
    public void Start() => _last = Stopwatch.GetTimestamp();

    /// <summary>Books the time since the last mark, or the start, to a phase.</summary>
    /// <param name="phase">What was done.</param>
    /// <param name="index">Index of the layer; in <see cref="Phase.Step"/> the number of portions.</param>
    /// <param name="count">
    /// Number of samples; in <see cref="Phase.Step"/> and <see cref="Phase.Clear"/> that of parameters.
    /// </param>
    /// <param name="share">The part of a layer's work on these samples that the worker did.</param>
    public void Mark(Phase phase, int index = 0, int count = 0, double share = 1)
    {
        long now = Stopwatch.GetTimestamp();
        _marks.Add(new PhaseMark(phase, index, count, share, _last, now));
        _last = now;
    }

    /// <summary>Returns all marks, and forgets them.</summary>
    public PhaseMark[] Take()
    {
        PhaseMark[] marks = [.. _marks];
        _marks.Clear();
        return marks;
    }
}

/// <summary>
/// What a worker did from one timestamp of <see cref="Stopwatch"/> to another; see <see cref="PhaseClock.Mark"/>.
/// </summary>
internal readonly record struct PhaseMark(Phase Phase, int Index, int Count, double Share, long Start, long End);
