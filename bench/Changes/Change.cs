using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Bench.Changes;

/// <summary>How many times faster one case has become, as far as can be told.</summary>
/// <param name="case">The case.</param>
internal sealed class Change(EpochCase @case)
{
    private readonly List<double> _logRatios = [];

    public EpochCase Case => @case;

    public Timings Before { get; } = new();

    public Timings Now { get; } = new();

    /// <summary>
    /// Adds what a process of each build measured in turns. It counts as one value, the median, because the turns are not
    /// independent: where memory happens to lie makes a whole process faster or slower.
    /// </summary>
    public void Add(IReadOnlyCollection<(double Before, double Now)> turns)
    {
        var logRatios = new Timings();
        foreach (var (before, now) in turns)
        {
            Before.Add(before);
            Now.Add(now);
            logRatios.Add(Math.Log(before / now));
        }
        _logRatios.Add(logRatios.Median);
    }

    /// <summary>The verdict: the mean of the logarithms of ratios with its 95 % confidence interval by Student's t.</summary>
    public override string ToString()
    {
        var summary = SampleSummary.Of(_logRatios);
        Interval interval = summary.MeanInterval!.Value;
        return interval.Low > 0 ? $"{Times(summary.Mean)} times faster ({Times(interval.Low)} to {Times(interval.High)})"
            : interval.High < 0 ? $"{Times(-summary.Mean)} times slower ({Times(-interval.High)} to {Times(-interval.Low)})"
            : $"no difference ({Times(interval.Low)} to {Times(interval.High)} times as fast)";
    }

    private static string Times(double logRatio) => Report.Number(Math.Exp(logRatio), 2);
}
