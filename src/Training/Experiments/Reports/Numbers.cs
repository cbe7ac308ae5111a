using System.Globalization;
using IlgpuDistance.Training.Experiments.Statistics;

namespace IlgpuDistance.Training.Experiments.Reports;

/// <summary>How reports write numbers. Minus signs and exponents are typeset; what does not exist is a dash.</summary>
internal static class Numbers
{
    /// <summary>Stands for a figure that does not exist.</summary>
    public const string None = "–";

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A number with two decimals: an accuracy in percent, a deviation in points, a t or a d.</summary>
    public static string Plain(double? value) => Fixed(value, "0.00");

    /// <summary>The same with its sign, for differences.</summary>
    public static string Signed(double? value) => Fixed(value, "+0.00;-0.00;0.00");

    /// <summary>A loss, with four decimals.</summary>
    public static string Loss(double? value) => Fixed(value, "0.0000");

    /// <summary>A count or a mean of counts, with thousands separated.</summary>
    public static string Count(double? value) => Fixed(value, "#,##0");

    /// <summary>Degrees of freedom: whole ones as they are, others with one decimal.</summary>
    public static string Degrees(double value) => Fixed(value, "0.#");

    /// <summary>A mean and, where there is one, its standard deviation.</summary>
    public static string MeanAndDeviation(SampleSummary? sample) =>
        sample is null ? None : sample.HasSpread ? $"{Plain(sample.Mean)} ± {Plain(sample.StandardDeviation)}" : Plain(sample.Mean);

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
        string[] parts = p.ToString("0.0E0", CultureInfo.InvariantCulture).Split('E');
        return $"{parts[0]}·10⁻{string.Concat(parts[1].TrimStart('-').Select(digit => Superscripts[digit - '0']))}";
    }

    /// <summary>"1 run", "3 runs".</summary>
    public static string Of(int count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

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
