using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Training.Experiments.Reports.Figures;

/// <summary>The ticks of a logarithmic axis, on which a value is at its decimal logarithm.</summary>
internal static class LogarithmicTicks
{
    /// <summary>On axes of fewer decades than these also some multiples of a power of ten have numbers.</summary>
    private const double FewDecades = 2.2, OneDecade = 1.2;

    /// <summary>Ticks at 1, 10, 100, … with small ones at 2 to 9 times these.</summary>
    /// <param name="low">The lower end of the axis: a logarithm.</param>
    /// <param name="high">The upper end.</param>
    public static ITickGenerator Between(double low, double high)
    {
        var ticks = new NumericManual();
        int[] numbered = high - low < OneDecade ? [1, 2, 3, 5, 7] : high - low < FewDecades ? [1, 2, 5] : [1];
        for (int power = (int)Math.Floor(low); power <= high; power++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double position = power + Math.Log10(digit);
                if (position < low || position > high)
                    continue;
                if (numbered.Contains(digit))
                    ticks.AddMajor(position, FigureStyle.TickLabel(digit * Math.Pow(10, power)));
                else
                    ticks.AddMinor(position);
            }
        }
        return ticks;
    }
}
