using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Reports.Sweeps;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>
/// The horizontal axis of a factor: a tick at each of its values, with the texts of as many numbers as have room, and of all
/// words, upright where they have none beside each other.
/// </summary>
internal static class FactorAxis
{
    /// <summary>The angle of upright text, which is read from below.</summary>
    public const float Upright = -90;

    /// <summary>The space that upright text needs on the axis, beside others.</summary>
    public const float UprightSpace = FigureStyle.FontSize + 4;

    private const double Margin = 0.04, WordMargin = 0.5;
    private const float Gap = 12;

    /// <summary>How much higher than one with a line of text the axis is.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="width">The width that the axis has.</param>
    public static float ExtraHeightOf(Factor factor, float width) =>
        IsUpright(factor, width) ? ExtraHeightOf(new FigureLabels(factor.Levels).Widest) : 0;

    /// <summary>How much higher than a line of text upright text is.</summary>
    /// <param name="widest">The width of the longest text.</param>
    public static float ExtraHeightOf(float widest) => Math.Max(0, widest - FigureStyle.FontSize);

    /// <summary>Makes it the horizontal axis of a plot.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="width">The width that the axis has.</param>
    /// <param name="extra">What points may stand beside their value.</param>
    public static void Apply(Plot plot, Factor factor, float width, double extra = 0)
    {
        double[] places = [.. factor.Levels.Select(factor.PositionOf)];
        double low = places[0], high = places[^1], range = high - low;
        double margin = factor.Numbers is null ? WordMargin : Margin * (range > 0 ? range : 1);
        (low, high) = (low - margin - extra, high + margin + extra);
        plot.Axes.SetLimitsX(low, high);

        var labels = new FigureLabels(factor.Levels);
        bool isUpright = IsUpright(factor, width);
        var ticks = new NumericManual();
        double free = double.NegativeInfinity;
        foreach (var (level, place) in factor.Levels.Zip(places))
        {
            double half = (FigureStyle.WidestOf([labels[level]]) + Gap) / 2 / width * (high - low);
            if (isUpright || place - half >= free)
            {
                ticks.AddMajor(place, labels[level]);
                free = place + half;
            }
            else
            {
                ticks.AddMinor(place);
            }
        }
        plot.Axes.Bottom.TickGenerator = ticks;
        if (!isUpright)
            return;
        plot.Axes.Bottom.TickLabelStyle.Rotation = Upright;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        // The library leaves the title where it is below a line of text.
        plot.Axes.Bottom.Label.OffsetY = ExtraHeightOf(labels.Widest);
    }

    /// <summary>Whether a value without text would not be known: words that have no room beside each other.</summary>
    private static bool IsUpright(Factor factor, float width) =>
        factor.Numbers is null && (new FigureLabels(factor.Levels).Widest + Gap) * factor.Levels.Count > width;
}
