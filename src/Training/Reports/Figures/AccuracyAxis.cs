using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>
/// An axis of accuracies in percent. Where the errors, 100 − accuracy, differ much it is logarithmic in the error, so that
/// 95 % and 96 % are as easily told apart as 10 % and 28 %; else it is linear.
/// </summary>
internal sealed class AccuracyAxis
{
    /// <summary>The axis is logarithmic where the largest error is more than this many times the smallest.</summary>
    private const double MostLinearRatio = 3;

    private const int MostTicks = 9;

    private static readonly double[] LogarithmicTicks =
        [0, 10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 92, 94, 95, 96, 97, 98, 98.5, 99, 99.5, 99.8, 99.9, 99.95, 99.99];

    private readonly double _smallestError;
    private readonly bool _isLogarithmic;
    private readonly double _low, _high;

    /// <summary>Makes an axis on which values can be shown.</summary>
    /// <param name="values">The values, in percent; at least one.</param>
    /// <param name="testCount">The number of images behind an accuracy; half an image stands for no error at all.</param>
    public AccuracyAxis(IReadOnlyCollection<double> values, int testCount)
    {
        _smallestError = 100 * 0.5 / testCount;
        _isLogarithmic = Error(values.Min()) > MostLinearRatio * Error(values.Max());
        double low = Position(values.Min()), high = Position(values.Max());
        double margin = Math.Max(0.04 * (high - low), _isLogarithmic ? 0.02 : 0.05);
        (_low, _high) = (low - margin, high + margin);
    }

    /// <summary>Where a value is on the axis.</summary>
    public double Position(double accuracy) => _isLogarithmic ? -Math.Log10(Error(accuracy)) : accuracy;

    /// <summary>Where the axis begins and ends.</summary>
    public (double Low, double High) Ends => (_low, _high);

    /// <summary>Makes this the horizontal axis of a plot.</summary>
    public void ApplyTo(Plot plot)
    {
        plot.Axes.SetLimitsX(_low, _high);
        if (_isLogarithmic)
            plot.Axes.Bottom.TickGenerator = Ticks();
    }

    /// <summary>Makes this the vertical axis of a plot.</summary>
    public void ApplyToVertical(Plot plot)
    {
        plot.Axes.SetLimitsY(_low, _high);
        if (_isLogarithmic)
            plot.Axes.Left.TickGenerator = Ticks();
    }

    /// <summary>Those ticks that fit, from the upper end, where the accuracies of interest are.</summary>
    private NumericManual Ticks()
    {
        var ticks = new NumericManual();
        double last = double.PositiveInfinity, distance = (_high - _low) / MostTicks;
        foreach (double tick in LogarithmicTicks.Reverse().Where(tick => Position(tick) >= _low && Position(tick) <= _high))
        {
            if (last - Position(tick) < distance)
                continue;
            last = Position(tick);
            ticks.AddMajor(last, FormattableString.Invariant($"{tick}"));
        }
        return ticks;
    }

    private double Error(double accuracy) => Math.Max(100 - accuracy, _smallestError);
}
