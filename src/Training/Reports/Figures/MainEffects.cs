using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Reports.Sweeps;
using ScottPlot;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>
/// What each of several factors does, whatever the others are: for each of its values the mean over all variants that have it,
/// and the best of them.
/// </summary>
internal static class MainEffects
{
    private const int MostPanelsPerRow = 3, PlotHeight = 194;
    private const int LeftMargin = 58, RightMargin = 12, BottomMargin = 56, TopMargin = 10;

    private static MarkerStyle MeanMarker(FigureColor color) => new(MarkerShape.FilledCircle, 8, color);

    private static MarkerStyle BestMarker(FigureColor color) =>
        new(MarkerShape.FilledDiamond, 9) { FillColor = FigureColor.Paper, OutlineColor = color, OutlineWidth = 1.5f };

    /// <summary>Draws it.</summary>
    /// <param name="factors">The sweep.</param>
    /// <param name="testCount">The number of images behind an accuracy.</param>
    public static Figure Draw(Factors factors, int testCount)
    {
        var effects = factors.All.Select((factor, i) => (Factor: factor, Levels: LevelsOf(factors, i))).ToArray();
        var axis = new AccuracyAxis(
            [.. effects.SelectMany(effect => effect.Levels).SelectMany(level => (double[])[level.Mean, level.Best])], testCount);
        int panelsPerRow = Enumerable.Range(1, MostPanelsPerRow).Last(panels => panels == 1 || factors.All.All(factor =>
            factor.Numbers is not null || factor.Levels.Count * FactorAxis.UprightSpace <= AxisWidth(panels)));
        float bottom = BottomMargin + factors.All.Max(factor => FactorAxis.ExtraHeightOf(factor, AxisWidth(panelsPerRow)));
        int width = FigureStyle.Width / panelsPerRow, height = TopMargin + PlotHeight + (int)bottom;
        int rows = (effects.Length + panelsPerRow - 1) / panelsPerRow;
        return new Figure(
            "main-effects", "Mean and best test accuracy for each value of each factor, over all values of the others",
            FigureStyle.Width, SignKey.Height + rows * height, canvas =>
            {
                foreach (var (i, effect) in effects.Index())
                {
                    int left = i % panelsPerRow * width, top = SignKey.Height + i / panelsPerRow * height;
                    Plot plot = PlotOf(effect.Factor, effect.Levels, axis, isFirst: i % panelsPerRow == 0);
                    FactorAxis.Apply(plot, effect.Factor, AxisWidth(panelsPerRow));
                    plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, bottom, TopMargin));
                    FigureStyle.Render(plot, canvas, new PixelRect(left, left + width, top + height, top));
                }
                SignKey.Draw(
                    canvas, LeftMargin, 0,
                    SignKey.Sign.OfMarker("mean of all variants with the value", MeanMarker(FigureColor.Series[0])),
                    SignKey.Sign.OfMarker("the best of them", BestMarker(FigureColor.Series[1])));
            });
    }

    private static float AxisWidth(int panelsPerRow) => FigureStyle.Width / panelsPerRow - LeftMargin - RightMargin;

    /// <summary>For each value of a factor that has a figure its text, the mean of the variants' means, and the best.</summary>
    private static (string Level, double Mean, double Best)[] LevelsOf(Factors factors, int factor) =>
    [
        .. factors.All[factor].Levels
            .Select(level => (Level: level, Means: factors.Variants.Where(variant => variant.Levels[factor] == level)
                .Select(variant => variant.Records.TestAccuracy?.Mean).OfType<double>().ToArray()))
            .Where(level => level.Means.Length > 0)
            .Select(level => (level.Level, level.Means.Average(), level.Means.Max())),
    ];

    private static Plot PlotOf(
        Factor factor, (string Level, double Mean, double Best)[] levels, AccuracyAxis axis, bool isFirst)
    {
        Plot plot = FigureStyle.NewPlot(FigureLabels.Short(factor.Name), isFirst ? "test accuracy, %" : "");
        double[] xs = [.. levels.Select(level => factor.PositionOf(level.Level))];
        Add([.. levels.Select(level => axis.Position(level.Mean))], FigureColor.Series[0], MeanMarker);
        Add([.. levels.Select(level => axis.Position(level.Best))], FigureColor.Series[1], BestMarker);
        axis.ApplyToVertical(plot);
        return plot;

        void Add(double[] ys, FigureColor color, Func<FigureColor, MarkerStyle> marker)
        {
            // Between words there is nothing that a line could show.
            if (factor.Numbers is not null)
            {
                var line = plot.Add.ScatterLine(xs, ys, color);
                line.LineWidth = 1.5f;
            }
            foreach (var (x, y) in xs.Zip(ys))
                plot.Add.Marker(x, y).MarkerStyle = marker(color);
        }
    }
}
