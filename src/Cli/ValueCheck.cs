using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli;

/// <summary>Checks the values that the command line gives, as far as their type and their text go.</summary>
internal static partial class ValueCheck
{
    private static readonly string[] Paths = ["FILE", "FOLDER", "DIR", "PATH"];

    /// <summary>What is expected of an option's value that cannot be one; null where it can.</summary>
    public static string? ProblemOf(VerbOption option, string value)
    {
        if (ProblemOf(option.Placeholder, value) is { } problem)
            return problem;
        if (option.Type.IsEnum)
            return option.Choices.Contains(value.ToLowerInvariant()) ? null : ListOf(option.Choices);
        if (option.Type == typeof(int))
            return ProblemOf(value, int.MinValue, int.MaxValue);
        if (option.Type == typeof(long))
            return ProblemOf(value, long.MinValue, long.MaxValue);
        return option.Type == typeof(float) ? ProblemOfNumber(value) : null;
    }

    /// <summary>The same for any text.</summary>
    /// <param name="placeholder">What stands for the value in the help; it tells the names of files and folders.</param>
    /// <param name="value">The value.</param>
    public static string? ProblemOf(string placeholder, string value)
    {
        if (VisibleText.FirstHidden(value) is { } hidden)
            return $"{placeholder} without characters that are not seen; this one has {hidden}";
        return Paths.Contains(placeholder) && Address().Match(value) is { Success: true } address
            ? $"a path on this machine, not an address; leave out \"{address.Value}\", or name what is there"
            : null;
    }

    /// <summary>Reads the value of --batch-size.</summary>
    /// <exception cref="InputException">It is neither full nor a whole number.</exception>
    public static int BatchSize(string text)
    {
        if (text.Equals("full", StringComparison.OrdinalIgnoreCase))
            return TrainingOptions.FullBatch;
        string? problem = ProblemOf(text, int.MinValue, TrainingOptions.FullBatch - 1);
        return problem is null ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : throw new InputException($"--batch-size {text}: expected full or {problem}");
    }

    /// <summary>Names as a sentence has them: a, b or c.</summary>
    public static string ListOf(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    private static string? ProblemOf(string value, long smallest, long largest)
    {
        if (!BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number))
            return "a whole number";
        return number >= smallest && number <= largest ? null : $"a whole number from {smallest} to {largest}";
    }

    /// <summary>Neither 1e-60 is 0 nor 1e60 infinite because float32 has no better.</summary>
    private static string? ProblemOfNumber(string value)
    {
        if (!float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float number))
            return "a number";
        if (!value.Any(char.IsAsciiDigit))
            return "a finite number";
        bool isZero = !value.Split('e', 'E')[0].Any(digit => digit is >= '1' and <= '9');
        return float.IsInfinity(number) || number == 0 && !isZero
            ? "a number that float32 can hold, of a size from 1.4e-45 to 3.4e38"
            : null;
    }

    [GeneratedRegex(@"^(file:(//)?|[a-z][a-z0-9+.-]+://)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
