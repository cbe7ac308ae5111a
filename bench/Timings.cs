using System.Diagnostics;

namespace IlgpuDistance.Bench;

/// <summary>How long the same work took each time, in seconds.</summary>
internal sealed class Timings
{
    private readonly List<double> _seconds = [];

    /// <summary>The middle one; the mean of the two middle ones of an even number.</summary>
    public double Median
    {
        get
        {
            double[] sorted = [.. _seconds.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public double Min => _seconds.Min();

    public double Max => _seconds.Max();

    public void Add(double seconds) => _seconds.Add(seconds);

    /// <summary>Does the work once and adds what it took.</summary>
    public void Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
