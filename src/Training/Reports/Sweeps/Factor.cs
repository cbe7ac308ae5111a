using System.Globalization;

namespace IlgpuDistance.Training.Reports.Sweeps;

/// <summary>Something in which the variants of an experiment differ, and the values that it has.</summary>
internal sealed class Factor
{
    /// <summary>Two values whose ratio is smaller than this are shown on a linear axis.</summary>
    private const double LeastRatio = 8;

    /// <summary>A factor.</summary>
    /// <param name="name">What it is called: an option, or a letter for a part of its text.</param>
    /// <param name="template">The text with letters for its parts; null where the whole of it is the value.</param>
    /// <param name="values">Its values; in their order those of numbers ascend.</param>
    public Factor(string name, string? template, IEnumerable<string> values)
    {
        (Name, Template) = (name, template);
        string[] all = [.. values.Distinct()];
        double[] numbers = [.. all.Select(NumberOf).OfType<double>()];
        if (numbers.Length == all.Length)
        {
            Array.Sort(numbers, all);
            Numbers = numbers;
        }
        Levels = all;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The text with letters for its parts; null where the whole of it is the value.</summary>
    public string? Template { get; }

    /// <summary>The values as text.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>The values as numbers; null where they are none.</summary>
    public IReadOnlyList<double>? Numbers { get; }

    /// <summary>What the axis of its values is called.</summary>
    public string Title => Template is null ? Name : $"{Name} in {Template}";

    /// <summary>Whether numbers are further apart the larger they are, so that they belong on a logarithmic axis.</summary>
    public bool IsGeometric
    {
        get
        {
            if (Numbers is not { Count: > 1 } || Numbers[0] <= 0)
                return false;
            return Numbers.Count == 2
                ? Numbers[1] / Numbers[0] >= LeastRatio
                : Unevenness(Math.Log10) < Unevenness(number => number);
        }
    }

    /// <summary>Where a value is on its axis: the number or its decimal logarithm, for words their place from 0.</summary>
    public double PositionOf(string level)
    {
        int place = Levels.ToList().IndexOf(level);
        return Numbers is null ? place : IsGeometric ? Math.Log10(Numbers[place]) : Numbers[place];
    }

    /// <summary>The value with the name, where it does not speak for itself.</summary>
    public string LabelOf(string level) => Template is null && Name == Factors.ModelName ? level : $"{Name} {level}";

    /// <summary>A number; null where the text is none that has a place on an axis.</summary>
    internal static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>The largest distance of neighbours over the smallest.</summary>
    private double Unevenness(Func<double, double> position)
    {
        double[] gaps = [.. Numbers!.Zip(Numbers!.Skip(1), (a, b) => position(b) - position(a))];
        return gaps.Max() / gaps.Min();
    }
}
