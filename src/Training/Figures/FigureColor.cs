using ScottPlot;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// A colour of the figures. Image files have the one for a light page; in HTML it is a variable of CSS that takes the other
/// one on a dark page.
/// </summary>
/// <param name="Variable">Name of the CSS variable.</param>
/// <param name="Light">
/// The colour on a light page, as #RRGGBB; not one whose digits are three pairs, which the drawing library shortens.
/// </param>
/// <param name="Dark">The colour on a dark page, as #RRGGBB.</param>
internal sealed record FigureColor(string Variable, string Light, string Dark)
{
    /// <summary>Behind everything.</summary>
    public static FigureColor Paper { get; } = new("--paper", "#FFFFFF", "#15191E");

    /// <summary>Text and axes.</summary>
    public static FigureColor Ink { get; } = new("--ink", "#1F2429", "#DDE2E7");

    /// <summary>What stands behind the data: published figures, leaders of labels.</summary>
    public static FigureColor Faint { get; } = new("--faint", "#6A737C", "#98A2AC");

    /// <summary>Lines of the grid.</summary>
    public static FigureColor Grid { get; } = new("--grid", "#DFE3E7", "#313941");

    /// <summary>
    /// Colours of data: the palette of M. Okabe and K. Ito (2008), which people tell apart whatever their colour vision, without
    /// yellow, which is too faint on white, and with a wine red of P. Tol's in its place.
    /// </summary>
    public static IReadOnlyList<FigureColor> Series { get; } =
    [
        new("--blue", "#0072B2", "#3A92CF"),
        new("--vermilion", "#D55E00", "#F2833D"),
        new("--green", "#009E73", "#2DC79B"),
        new("--purple", "#CC79A7", "#E39CC4"),
        new("--orange", "#E69F00", "#F1B53A"),
        new("--sky", "#56B4E9", "#83CBF3"),
        new("--wine", "#892356", "#C7588F"),
        new("--black", "#20262C", "#E4E8EC"),
    ];

    /// <summary>Every colour that figures use.</summary>
    public static IReadOnlyList<FigureColor> All { get; } = [Paper, Ink, Faint, Grid, .. Series];

    /// <summary>Rules of CSS that give all variables their values, for light and dark pages.</summary>
    public static string CssRules()
    {
        static string Variables(Func<FigureColor, string> shade) =>
            string.Concat(All.Select(color => $"{color.Variable}:{shade(color)};"));

        return $$"""
            :root { {{Variables(color => color.Light)}} }
            @media screen and (prefers-color-scheme: dark) { :root { {{Variables(color => color.Dark)}} } }
            """;
    }

    /// <summary>The colour on a light page.</summary>
    public static implicit operator Color(FigureColor color) => Color.FromHex(color.Light);
}
