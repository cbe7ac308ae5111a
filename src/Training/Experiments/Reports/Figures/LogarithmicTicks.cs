using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Training.Experiments.Reports.Figures;

/// <summary>The ticks of a logarithmic axis, on which a value is at its decimal logarithm.</summary>
internal static class LogarithmicTicks
{
    /// <summary>On axes of fewer decades than this 2 and 5 times a power of ten have numbers, too.</summary>
    private const double FewDecades = 2.2;

    /// <summary>Ticks at 1, 10, 100, … with small ones at 2 to 9 times these.</summary>
    /// <param name="low">The lower end of the axis: a logarithm.</param>
    /// <param name="high">The upper end.</param>
    public static ITickGenerator Between(double low, double high)
    {
        var ticks = new NumericManual();
        for (int power = (int)Math.Floor(low); power <= high; power++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double position = power + Math.Log10(digit);
                if (position < low || position > high)
                    continue;
                if (digit == 1 || (digit is 2 or 5 && high - low < FewDecades))
                    ticks.AddMajor(position, FigureStyle.TickLabel(digit * Math.Pow(10, power)));
                else
                    ticks.AddMinor(position);
            }
        }
        return ticks;
    }
}
