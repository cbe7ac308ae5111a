using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Experiments.Reports.Figures;

/// <summary>
/// Many small points, drawn over a plot that has been rendered. They are one element of an SVG file, where markers of the
/// plotting library are one each, and translucent against those of other elements, not against each other.
/// </summary>
internal static class Dots
{
    /// <summary>Draws points; those that are not finite or not within the axes are left out.</summary>
    /// <param name="canvas">Where the plot is.</param>
    /// <param name="plot">The plot.</param>
    /// <param name="points">The points in the units of its axes.</param>
    /// <param name="color">Their colour.</param>
    /// <param name="size">Their diameter.</param>
    /// <param name="opacity">Their opacity, between 0 and 1.</param>
    public static void Draw(
        SKCanvas canvas, Plot plot, IEnumerable<(double X, double Y)> points, FigureColor color, float size, double opacity)
    {
        PixelRect data = plot.RenderManager.LastRender.DataRect;
        AxisLimits limits = plot.Axes.GetLimits();
        SKPoint[] places =
        [
            .. points.Where(point => limits.Contains(point.X, point.Y))
                .Select(point => new SKPoint(plot.Axes.Bottom.GetPixel(point.X, data), plot.Axes.Left.GetPixel(point.Y, data))),
        ];
        using var paint = new SKPaint
        {
            Color = SKColor.Parse(color.Light).WithAlpha((byte)Math.Round(255 * opacity)),
            IsAntialias = true,
            StrokeWidth = size,
            StrokeCap = SKStrokeCap.Round,
        };
        if (places.Length > 0)
            canvas.DrawPoints(SKPointMode.Points, places, paint);
    }

    /// <summary>
    /// At most a number of values, ascending: all of them, or as many at even distances in their order, the smallest and the
    /// largest among them.
    /// </summary>
    public static double[] Thin(IEnumerable<double> values, int most)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length <= most
            ? sorted
            : [.. Enumerable.Range(0, most).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (most - 1))])];
    }
}
