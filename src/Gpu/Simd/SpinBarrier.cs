namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Lets a fixed number of workers wait for each other. It spins, because the phases of a mini-batch take microseconds, less
/// than putting a thread to sleep and waking it; with more workers than processors it gives its time slice away.
/// </summary>
internal sealed class SpinBarrier(int workers)
{
    private int _arrived;
    private volatile int _phase;
    private volatile bool _broken;

    /// <summary>Returns when all workers have called it.</summary>
    /// <exception cref="OperationCanceledException">Another worker has called <see cref="Break"/>.</exception>
    public void Wait()
    {
        int phase = _phase;
        if (Interlocked.Increment(ref _arrived) == workers)
        {
            _arrived = 0;
            _phase = phase + 1;
            return;
        }
        var spin = new SpinWait();
        while (_phase == phase)
        {
            if (_broken)
                throw new OperationCanceledException("another worker has failed");
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>A worker has failed and will not come: frees the others.</summary>
    public void Break() => _broken = true;

    /// <summary>Makes the barrier usable after <see cref="Break"/>; nobody may be waiting.</summary>
    public void Reset()
    {
        _arrived = 0;
        _broken = false;
    }
}
