using System.Globalization;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The work of a launch in the letters of <see cref="WorkShape"/>: a sum of products, e.g. <c>2 N I O + N I</c>.
/// </summary>
internal sealed class WorkFormula
{
    private readonly string[][] _terms;

    private WorkFormula(string text)
    {
        Text = text;
        _terms = [.. text.Split(" + ").Select(term => term.Split(' '))];
        _ = Value(default);
    }

    /// <summary>The formula.</summary>
    public string Text { get; }

    /// <summary>Its value.</summary>
    public double Value(WorkShape shape) =>
        _terms.Sum(term => term.Aggregate(1.0, (product, factor) => product * FactorOf(factor, shape)));

    /// <summary>Reads a formula.</summary>
    public static implicit operator WorkFormula(string text) => new(text);

    private static double FactorOf(string factor, in WorkShape shape) => factor switch
    {
        "N" => shape.N,
        "I" => shape.I,
        "O" => shape.O,
        "S" => shape.S,
        "V" => shape.V,
        _ => double.Parse(factor, NumberStyles.None, CultureInfo.InvariantCulture),
    };
}
