using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// The names of lines at the right of a plot, each beside the end of its line: a legend in the order in which the lines end,
/// which cannot lie over them.
/// </summary>
internal static class LineLabels
{
    /// <summary>What stands between a plot and the text of its labels.</summary>
    private const float Leader = 16, Swatch = 30, Gap = 6;

    /// <summary>The smallest distance between the middles of two labels.</summary>
    private const float LineHeight = FigureStyle.FontSize + 3;

    /// <summary>The margin that labels need.</summary>
    public static float WidthOf(FigureLabels labels) => Leader + Swatch + 2 * Gap + labels.Widest;

    /// <summary>The least height of a plot beside which a number of labels have room.</summary>
    public static float HeightOf(int count) => count * LineHeight;

    /// <summary>Draws the labels of a plot that has been rendered.</summary>
    /// <param name="canvas">Where the plot is.</param>
    /// <param name="plot">The plot.</param>
    /// <param name="lines">For each line its name, style and last value.</param>
    /// <param name="labels">What stands there for the names.</param>
    public static void Draw(
        SKCanvas canvas, Plot plot, IEnumerable<(string Name, SeriesStyle Style, double End)> lines, FigureLabels labels)
    {
        PixelRect data = plot.RenderManager.LastRender.DataRect;
        var sorted = lines.Select(line => (line.Name, line.Style, End: plot.Axes.Left.GetPixel(line.End, data)))
            .OrderBy(line => line.End).ToArray();
        float[] places = Spread([.. sorted.Select(line => line.End)], data.Top, data.Bottom);

        using Paint paint = Paint.NewDisposablePaint();
        for (int i = 0; i < sorted.Length; i++)
        {
            var (name, style, end) = sorted[i];
            float left = data.Right + Leader, right = left + Swatch;
            var leader = new PixelLine(data.Right + 2, end, left, places[i]);
            var swatch = new PixelLine(left, places[i], right, places[i]);
            Drawing.DrawLine(canvas, paint, leader, new LineStyle(1, FigureColor.Faint));
            Drawing.DrawLine(canvas, paint, swatch, new LineStyle(FigureStyle.LineWidth, style.Color, style.Pattern));
            FigureText.Draw(canvas, labels[name], right + Gap, places[i]);
        }
    }

    /// <summary>
    /// Places near the wanted ones, which ascend, that keep their distance and stay between two limits if there is room.
    /// </summary>
    private static float[] Spread(float[] wanted, float top, float bottom)
    {
        float[] places = [.. wanted];
        for (int i = 0; i < places.Length; i++)
            places[i] = Math.Max(places[i], i == 0 ? top : places[i - 1] + LineHeight);
        for (int i = places.Length - 1; i >= 0; i--)
            places[i] = Math.Min(places[i], i == places.Length - 1 ? bottom : places[i + 1] - LineHeight);
        return places;
    }
}
