using System.Globalization;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Words;

/// <summary>How reports write numbers. Minus signs and exponents are typeset; what does not exist is a dash.</summary>
internal static class Numbers
{
    /// <summary>Stands for a figure that does not exist.</summary>
    public const string None = "–";

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A number with two decimals: an accuracy in percent, a deviation in points, a t or a d.</summary>
    public static string Plain(double? value) => Fixed(value, "0.00");

    /// <summary>Three digits or, of large numbers, all before the point.</summary>
    public static string Digits(double value) =>
        value.ToString(value < 10 ? "N2" : value < 100 ? "N1" : "N0", CultureInfo.InvariantCulture);

    /// <summary>The same with its sign, for differences.</summary>
    public static string Signed(double? value) => Fixed(value, "+0.00;-0.00;0.00");

    /// <summary>A loss, with four decimals; one of 10,000 or more, as divergence makes them, with a power of ten.</summary>
    public static string Loss(double? value) =>
        value is { } loss && double.IsFinite(loss) && Math.Round(loss, 4) >= 10_000
            ? WithPower(loss, "0.000E0")
            : Fixed(value, "0.0000");

    /// <summary>A count or a mean of counts, with thousands separated.</summary>
    public static string Count(double? value) => Fixed(value, "#,##0");

    /// <summary>Degrees of freedom: whole ones as they are, others with one decimal.</summary>
    public static string Degrees(double value) => Fixed(value, "0.#");

    /// <summary>A mean and, where there is one, its standard deviation.</summary>
    public static string MeanAndDeviation(SampleSummary? sample) =>
        sample is null ? None : sample.HasSpread ? $"{Plain(sample.Mean)} ± {Plain(sample.StandardDeviation)}"
            : Plain(sample.Mean);

    /// <summary>A figure between 0 and 1, with three decimals.</summary>
    public static string Index(double? value) => Fixed(value, "0.000");

    /// <summary>The mean of figures between 0 and 1 and, where there is one, its standard deviation.</summary>
    public static string Index(SampleSummary? sample) =>
        sample is null ? None : sample.HasSpread ? $"{Index(sample.Mean)} ± {Index(sample.StandardDeviation)}"
            : Index(sample.Mean);

    /// <summary>
    /// The mean of figures of any size and, where there is one, its standard deviation, with three significant digits of the
    /// larger one.
    /// </summary>
    public static string Small(SampleSummary? sample)
    {
        if (sample is null)
            return None;
        double size = Math.Max(Math.Abs(sample.Mean), sample.HasSpread ? sample.StandardDeviation : 0);
        int decimals = size == 0 || !double.IsFinite(size) ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(size)), 0, 12);
        string format = decimals == 0 ? "#,##0" : "#,##0." + new string('0', decimals);
        return sample.HasSpread
            ? $"{Fixed(sample.Mean, format)} ± {Fixed(sample.StandardDeviation, format)}"
            : Fixed(sample.Mean, format);
    }

    /// <summary>An interval of accuracies.</summary>
    public static string Range(Interval? interval) => interval is { } ends ? $"{Plain(ends.Low)} to {Plain(ends.High)}" : None;

    /// <summary>An interval of differences.</summary>
    public static string SignedRange(Interval? interval) =>
        interval is { } ends ? $"{Signed(ends.Low)} to {Signed(ends.High)}" : None;

    /// <summary>A probability: three digits, very small ones as a power of ten.</summary>
    public static string Probability(double? value)
    {
        if (value is not { } p || double.IsNaN(p))
            return None;
        if (p == 0)
            return "0";
        if (p >= 0.001)
            return p.ToString(p >= 0.9995 ? "0.00" : p >= 0.01 ? "0.000" : "0.0000", CultureInfo.InvariantCulture);
        return WithPower(p, "0.0E0");
    }

    /// <summary>A number with a power of ten, from a format with an exponent.</summary>
    public static string WithPower(double value, string format)
    {
        string[] parts = value.ToString(format, CultureInfo.InvariantCulture).Split('E');
        return $"{parts[0].Replace('-', '−')}·{PowerOfTen(int.Parse(parts[1], CultureInfo.InvariantCulture))}";
    }

    /// <summary>All digits of a number that somebody chose; one that is very large or small with a power of ten.</summary>
    public static string Exact(float value)
    {
        string[] parts = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        string digits = parts[0].Replace('-', '−');
        return parts.Length == 1 ? digits : $"{digits}·{PowerOfTen(int.Parse(parts[1], CultureInfo.InvariantCulture))}";
    }

    /// <summary>A power of ten.</summary>
    public static string PowerOfTen(int exponent) =>
        "10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture)
            .Select(sign => sign == '-' ? '⁻' : Superscripts[sign - '0']));

    /// <summary>A probability with three digits, for tables with little room.</summary>
    public static string ShortProbability(double? value) => value switch
    {
        null or double.NaN => None,
        < 0.001 => "<0.001",
        { } p => p.ToString(p >= 0.9995 ? "0.00" : "0.000", CultureInfo.InvariantCulture),
    };

    /// <summary>"1 run", "3 runs".</summary>
    public static string Of(int count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>"3 runs", "2 to 3 runs".</summary>
    public static string Of(int fewest, int most, string thing) =>
        (fewest < most ? $"{Count(fewest)} to " : "") + Of(most, thing);

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IEnumerable<string> things)
    {
        string[] all = [.. things];
        return all.Length <= 1 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    private static string Fixed(double? value, string format) =>
        value is not { } number || double.IsNaN(number) ? None
        : double.IsInfinity(number) ? (number > 0 ? "∞" : "−∞")
        : number.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
}
