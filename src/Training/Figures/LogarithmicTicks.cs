using IlgpuDistance.Training.Words;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Training.Figures;

/// <summary>The ticks of a logarithmic axis, on which a value is at its decimal logarithm.</summary>
internal static class LogarithmicTicks
{
    /// <summary>On axes of fewer decades than these also some multiples of a power of ten have numbers.</summary>
    private const double FewDecades = 2.2, OneDecade = 1.2;

    /// <summary>
    /// An axis with fewer numbers than these says nothing about what lies between them; it gets those of a linear one.
    /// </summary>
    private const int FewestNumbers = 3, LinearSteps = 8;

    /// <summary>
    /// More numbers than these do not fit beside each other: then only every other power of ten has one, or every third.
    /// </summary>
    private const int MostNumbers = 9;

    /// <summary>
    /// An axis that goes to this exponent or beyond, or below its opposite, has powers for numbers: others would not fit beside
    /// it.
    /// </summary>
    private const int LargeExponent = 5;

    /// <summary>
    /// Ticks at 1, 10, 100, … with small ones at 2 to 9 times these, or at powers without a number; round values where there
    /// would be too few numbers on the axis.
    /// </summary>
    /// <param name="low">The lower end of the axis: a logarithm.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="leastStep">The smallest distance between two numbers, where they count something.</param>
    public static ITickGenerator Between(double low, double high, double leastStep = 0)
    {
        var ticks = new NumericManual();
        int[] numbered = high - low < OneDecade ? [1, 2, 3, 5, 7] : high - low < FewDecades ? [1, 2, 5] : [1];
        bool hasPowers = high >= LargeExponent || low < -LargeExponent;
        int step = Math.Max(1, (int)Math.Ceiling((high - low) / MostNumbers)), numbers = 0;
        for (int power = (int)Math.Floor(low); power <= high; power++)
        {
            for (int digit = 1; digit <= (step == 1 ? 9 : 1); digit++)
            {
                double position = power + Math.Log10(digit);
                if (position < low || position > high)
                    continue;
                if (!numbered.Contains(digit) || power % step != 0)
                {
                    ticks.AddMinor(position);
                    continue;
                }
                ticks.AddMajor(position, hasPowers ? Power(digit, power) : FigureStyle.TickLabel(digit * Math.Pow(10, power)));
                numbers++;
            }
        }
        return numbers >= FewestNumbers ? ticks : Linear(Math.Pow(10, low), Math.Pow(10, high), leastStep);
    }

    private static string Power(int digit, int power) => (digit == 1 ? "" : $"{digit}·") + Numbers.PowerOfTen(power);

    private static NumericManual Linear(double low, double high, double leastStep)
    {
        var ticks = new NumericManual();
        foreach (double value in LinearTicks.Between(low, high, LinearSteps, leastStep))
            ticks.AddMajor(Math.Log10(value), FigureStyle.TickLabel(value));
        return ticks;
    }
}
