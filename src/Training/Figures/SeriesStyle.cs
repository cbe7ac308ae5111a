using ScottPlot;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// The colour and the line pattern of a model. A colour stands for a family, a model with and without negation and last
/// bias; solid is the plain model, dashed the negated one, dotted the one with bias, and dashes with dots have both. So the
/// same model looks the same in every figure and experiment, and neighbours that differ in colour only are few.
/// </summary>
/// <param name="Color">The colour.</param>
/// <param name="Pattern">The line pattern.</param>
internal sealed record SeriesStyle(FigureColor Color, LinePattern Pattern)
{
    private const string Negated = "-Neg", Biased = "-Bias";

    /// <summary>The families in the order of <see cref="FigureColor.Series"/>.</summary>
    private static readonly string[] Families = ["ReLU", "ReLU2", "ReLU-L2", "Abs", "Abs2", "Abs-L2", "L2", "ReLU2-PointSlope"];

    private static readonly LinePattern[] Patterns =
    [
        LinePattern.Solid,
        new([7, 3], 0, "dashes"),
        new([1.5f, 2.5f], 0, "dots"),
        new([8, 2.5f, 1.5f, 2.5f], 0, "dashes and dots"),
    ];

    /// <summary>Chooses a style for each model; no two of them look alike up to 32 models.</summary>
    /// <param name="models">The models' names.</param>
    public static IReadOnlyDictionary<string, SeriesStyle> Of(IEnumerable<string> models)
    {
        var styles = new Dictionary<string, SeriesStyle>();
        var others = new List<string>();
        foreach (string model in models)
        {
            bool negated = model.Contains(Negated, StringComparison.Ordinal),
                biased = model.EndsWith(Biased, StringComparison.Ordinal);
            string family = model.Replace(Negated, "", StringComparison.Ordinal).Replace(Biased, "", StringComparison.Ordinal);
            int color = Array.IndexOf(Families, family);
            if (color < 0)
                others.Add(model);
            else
                styles[model] = new SeriesStyle(FigureColor.Series[color], Patterns[(negated ? 1 : 0) + (biased ? 2 : 0)]);
        }
        // Networks without a name of their own take what is left, unused colours first.
        SeriesStyle[] all =
            [.. Patterns.SelectMany(pattern => FigureColor.Series.Select(color => new SeriesStyle(color, pattern)))];
        SeriesStyle[] free = [.. all.Except(styles.Values)
            .OrderBy(style => styles.Values.Count(used => used.Color == style.Color))];
        for (int i = 0; i < others.Count; i++)
            styles[others[i]] = free[i % free.Length];
        return styles;
    }
}
