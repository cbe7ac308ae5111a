using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Reports.Sweeps;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>The horizontal axis of a factor: a tick at each of its values, with as many of their texts as have room.</summary>
internal static class FactorAxis
{
    private const double Margin = 0.04, WordMargin = 0.5;
    private const float Gap = 12;

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

        var ticks = new NumericManual();
        double free = double.NegativeInfinity;
        foreach (var (level, place) in factor.Levels.Zip(places))
        {
            string label = FigureStyle.Label(level);
            double half = (FigureStyle.WidestOf([label]) + Gap) / 2 / width * (high - low);
            if (place - half >= free)
            {
                ticks.AddMajor(place, label);
                free = place + half;
            }
            else
            {
                ticks.AddMinor(place);
            }
        }
        plot.Axes.Bottom.TickGenerator = ticks;
    }
}
