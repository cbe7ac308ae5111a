using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// A range of numbers as text: <c>0.0001..0.1:*10</c> is 0.0001, 0.001, 0.01 and 0.1; <c>100..500:+100</c> is 100, 200, … 500.
/// Steps are <c>+</c>, <c>-</c>, <c>*</c> and <c>/</c> with a number. The numbers are computed as decimals, so that each is the
/// one that a person would write.
/// </summary>
internal static partial class ValueRange
{
    /// <summary>The most numbers of a range.</summary>
    public const int MostNumbers = 10_000;

    /// <summary>Replaces each range in a text by its numbers with bars between them: <c>1..3:+1</c> by <c>1|2|3</c>.</summary>
    /// <exception cref="InputException">A range does not lead from its begin to its end, or has too many numbers.</exception>
    public static string Expand(string text) => Pattern().Replace(text, match => string.Join('|', NumbersOf(match)));

    private static IEnumerable<string> NumbersOf(Match match)
    {
        decimal Number(string group) =>
            decimal.TryParse(match.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
                ? number
                : throw Error(match, $"{match.Groups[group].Value} has too many digits; write the values as a list");
        decimal begin = Number("begin"), end = Number("end"), step = Number("step");
        char operation = match.Groups["operation"].Value[0];
        var numbers = new List<decimal>();
        try
        {
            for (decimal number = begin; begin <= end ? number <= end : number >= end;)
            {
                numbers.Add(number);
                if (numbers.Count > MostNumbers)
                    throw Error(match, $"has more than {MostNumbers:N0} numbers; expected fewer");
                decimal next = Next(number);
                if (begin < end ? next <= number : begin > end && next >= number)
                    throw Error(match, $"its steps do not lead from {match.Groups["begin"]} to {match.Groups["end"]}");
                if (begin == end)
                    break;
                number = next;
            }
            if (numbers[^1] != end)
            {
                throw Error(match, $"its steps go on from {Text(numbers[^1])} to {Text(Next(numbers[^1]))} and miss " +
                    $"{match.Groups["end"]}; expected an end that they reach");
            }
        }
        catch (Exception error) when (error is OverflowException or DivideByZeroException)
        {
            throw Error(match, $"its steps do not lead from {match.Groups["begin"]} to {match.Groups["end"]}", error);
        }
        return numbers.Select(Text);

        decimal Next(decimal number) => operation switch
        {
            '+' => number + step,
            '-' => number - step,
            '*' => number * step,
            _ => number / step,
        };
    }

    private static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static InputException Error(Match range, string problem, Exception? cause = null) =>
        new($"{range.Value}: {problem}", cause);

    /// <summary>Not in a path, such as <c>a/1..b</c>: both ends and the step are numbers.</summary>
    [GeneratedRegex(
        @"(?<![\w.+-])(?<begin>[+-]?\d+(\.\d+)?(e[+-]?\d+)?)\.\.(?<end>[+-]?\d+(\.\d+)?(e[+-]?\d+)?):(?<operation>[-+*/])" +
            @"(?<step>\d+(\.\d+)?(e[+-]?\d+)?)(?![\w.])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
