using System.Diagnostics;

namespace IlgpuDistance.Bench.Operations;

/// <summary>A piece of work that is timed by repeating it.</summary>
/// <param name="Name">What is computed, with its shape.</param>
/// <param name="Direction">Forward, backward or empty.</param>
/// <param name="Unit">What is counted: sample or parameter.</param>
/// <param name="Units">How many of them a call of <paramref name="Run"/> treats on average.</param>
/// <param name="FlopsPerUnit">Floating-point operations needed, or null where counting them says little.</param>
/// <param name="BytesPerUnit">Bytes that must be read or written, or null where arithmetic is the limit.</param>
/// <param name="Run">Does the work; the argument counts the calls.</param>
internal sealed record Operation(
    string Name, string Direction, string Unit, double Units, double? FlopsPerUnit, double? BytesPerUnit, Action<int> Run)
{
    /// <summary>The median of several measurements, in seconds per unit.</summary>
    public double MeasureSecondsPerUnit()
    {
        const int Measurements = 9;
        const double SecondsPerMeasurement = 0.01;
        int calls = CallsIn(SecondsPerMeasurement);
        var timings = new Timings();
        for (int i = 0; i < Measurements; i++)
        {
            timings.Time(() =>
            {
                for (int call = 0; call < calls; call++)
                    Run(call);
            });
        }
        return timings.Median / calls / Units;
    }

    /// <summary>How often <see cref="Run"/> can be called in a time, found by calling it; warms up as well.</summary>
    private int CallsIn(double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        do
            Run(calls++);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return calls;
    }
}
