using IlgpuDistance.Training.Figures;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Bench.Scaling;

/// <summary>
/// The cost of an operation, relative to the main case, over each factor: a panel for each, all axes logarithmic. Were cost in
/// proportion to work, all points would lie on the line at 1.
/// </summary>
internal static class ScalingFigure
{
    private const int PanelHeight = 250, Columns = 2, Gap = 8;
    private const float PanelWidth = FigureStyle.Width / (float)Columns, LeftMargin = 72, RightMargin = 18, BottomMargin = 58;
    private const float PlotWidth = PanelWidth - LeftMargin - RightMargin, DotSize = 8, LabelGap = 8;

    private static readonly FigureColor Usual = FigureColor.Series[0], Dear = FigureColor.Series[1];

    private static LineStyle LimitLine => new(1.3f, Dear, FigureStyle.GuideLine.Pattern);

    /// <summary>Draws it.</summary>
    /// <param name="points">The points of all factors.</param>
    public static Figure Draw(IReadOnlyCollection<ScalingPoint> points)
    {
        ScalingPoint[][] panels = [.. points.GroupBy(point => point.Factor).Select(panel => panel.ToArray())];
        double low = Math.Min(Math.Log10(0.5), points.Min(Height)) - 0.1;
        double high = Math.Max(Math.Log10(ScalingPoint.Limit), points.Max(Height)) + 0.1;
        int rows = (panels.Length + Columns - 1) / Columns;
        return new Figure(
            "scaling", "Seconds per useful operation, relative to the main case, over each factor", FigureStyle.Width,
            SignKey.Height + rows * (PanelHeight + Gap), canvas =>
            {
                SignKey.Draw(
                    canvas, LeftMargin, 0,
                    SignKey.Sign.OfDot("time per useful operation", Usual),
                    SignKey.Sign.OfDot("the same, more than twice the main case's", Dear),
                    SignKey.Sign.OfLine("main case", FigureStyle.GuideLine),
                    SignKey.Sign.OfLine("twice", LimitLine));
                for (int i = 0; i < panels.Length; i++)
                {
                    float left = i % Columns * PanelWidth, top = SignKey.Height + i / Columns * (PanelHeight + Gap);
                    FigureStyle.Render(
                        NewPanel(panels[i], low, high), canvas,
                        new PixelRect(left, left + PanelWidth, top + PanelHeight, top));
                }
            });
    }

    private static Plot NewPanel(ScalingPoint[] points, double low, double high)
    {
        double[] xs = [.. points.Select(point => Math.Log10(point.Value))], ys = [.. points.Select(Height)];
        // Also a single value, as that of threads on one processor, has an axis.
        double margin = 0.06 * Math.Max(xs[^1] - xs[0], 0.1), left = xs[0] - margin, right = xs[^1] + margin;
        Plot plot = FigureStyle.NewPlot(points[0].Factor.Title, "relative cost");
        plot.Axes.SetLimits(left, right, low, high);
        plot.Axes.Bottom.TickGenerator = TicksAt([.. points.Select(point => point.Value)], (right - left) / PlotWidth);
        plot.Axes.Left.TickGenerator = LogarithmicTicks.Between(low, high);
        plot.Add.Line(left, 0, right, 0).LineStyle = FigureStyle.GuideLine;
        double limit = Math.Log10(ScalingPoint.Limit);
        plot.Add.Line(left, limit, right, limit).LineStyle = LimitLine;
        FigureStyle.AddLine(plot, xs, ys, new SeriesStyle(Usual, LinePattern.Solid));
        foreach (var dots in points.GroupBy(point => point.IsDear))
        {
            Dots.Add(
                plot, dots.Select(point => (Math.Log10(point.Value), Height(point))), dots.Key ? Dear : Usual, DotSize,
                opacity: 1);
        }
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, BottomMargin, 4));
        return plot;
    }

    /// <summary>A tick at each value, with its number where that has room beside the one before.</summary>
    /// <param name="values">The values, ascending.</param>
    /// <param name="unit">A unit of the drawing in decades.</param>
    private static NumericManual TicksAt(int[] values, double unit)
    {
        var ticks = new NumericManual();
        double end = double.NegativeInfinity;
        foreach (int value in values)
        {
            string label = FigureStyle.TickLabel(value);
            double place = Math.Log10(value), half = (FigureText.WidthOf(label) + LabelGap) / 2 * unit;
            if (place - half < end)
            {
                ticks.AddMinor(place);
                continue;
            }
            ticks.AddMajor(place, label);
            end = place + half;
        }
        return ticks;
    }

    private static double Height(ScalingPoint point) => Math.Log10(point.Costs.Median);
}
