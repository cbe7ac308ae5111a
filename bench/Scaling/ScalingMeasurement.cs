using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Bench.Scaling;

/// <summary>
/// Measures cases in turns with the main one: main, case, main, case, …, main. Each turn is compared with the mean of those
/// before and after it, which takes as long: whatever else the machine does, and whether it does so more and more, slows down
/// both alike.
/// </summary>
internal sealed class ScalingMeasurement : IDisposable
{
    /// <summary>Epochs that are shorter are repeated for so many seconds.</summary>
    private const double ShortestTurn = 0.05;

    private const double WarmUp = 0.2;
    private const int FewestTurns = 3;

    private readonly ScalingCase _main;
    private readonly double _secondsPerPoint, _mainWork, _mainSeconds;
    private readonly Workload _workload;
    private readonly SimdEpochs _epochs;

    /// <param name="main">The main case.</param>
    /// <param name="secondsPerPoint">How long to measure a case, where that is enough for some turns.</param>
    public ScalingMeasurement(ScalingCase main, double secondsPerPoint)
    {
        (_main, _secondsPerPoint) = (main, secondsPerPoint);
        _workload = main.DrawWorkload();
        NetworkPlan plan = main.Plan(_workload);
        _epochs = main.Prepare(plan, _workload);
        _mainWork = _workload.UsefulFlop(plan) / main.Threads;
        _mainSeconds = WarmedUp(_epochs);
    }

    /// <summary>Measures a factor's value.</summary>
    public ScalingPoint Measure(ScalingFactor factor, int value)
    {
        ScalingCase @case = factor.With(_main, value);
        Workload workload = @case.HasWorkloadOf(_main) ? _workload : @case.DrawWorkload();
        NetworkPlan plan = @case.Plan(workload);
        double flop = workload.UsefulFlop(plan), work = flop / @case.Threads;
        using SimdEpochs epochs = @case.Prepare(plan, workload);

        double seconds = WarmedUp(epochs), turn = Math.Max(ShortestTurn, Math.Max(seconds, _mainSeconds));
        int repeats = Math.Max(1, (int)(turn / seconds)), mainRepeats = Math.Max(1, (int)(turn / _mainSeconds));
        int turns = Math.Max(FewestTurns, (int)(_secondsPerPoint / (2 * turn)));
        Timings times = new(), costs = new();
        double before = Time(_epochs, mainRepeats);
        for (int i = 0; i < turns; i++)
        {
            double time = Time(epochs, repeats), after = Time(_epochs, mainRepeats);
            times.Add(time);
            costs.Add(time / work / ((before + after) / 2 / _mainWork));
            before = after;
        }
        return new ScalingPoint(factor, value, flop, times.Median, costs);
    }

    public void Dispose() => _epochs.Dispose();

    /// <summary>Runs epochs until code is compiled and data in caches, and returns the seconds of the last one.</summary>
    private static double WarmedUp(SimdEpochs epochs)
    {
        double total = 0, last;
        do
        {
            last = Time(epochs, 1);
            total += last;
        }
        while (total < WarmUp);
        return last;
    }

    /// <summary>Seconds of an epoch, the mean of several.</summary>
    private static double Time(SimdEpochs epochs, int repeats)
    {
        var timings = new Timings();
        timings.Time(() =>
        {
            for (int i = 0; i < repeats; i++)
                epochs.Run();
        });
        return timings.Median / repeats;
    }
}
