namespace IlgpuDistance.Training.Figures;

/// <summary>Round values on an axis.</summary>
internal static class LinearTicks
{
    private static readonly double[] Digits = [1, 2, 5, 10];

    /// <summary>Multiples of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="low">The lower end of the axis.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="most">Steps between the two, at most.</param>
    /// <param name="leastStep">The smallest distance between two values, where there is one.</param>
    public static IEnumerable<double> Between(double low, double high, int most, double leastStep = 0)
    {
        double step = Math.Max(leastStep, high > low ? RoundAbove((high - low) / most) : 1);
        for (double multiple = Math.Ceiling(low / step); multiple * step <= high; multiple++)
            yield return multiple * step;
    }

    private static double RoundAbove(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Digits.Select(digit => digit * power).First(round => round >= 0.999999 * value);
    }
}
