using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// The names of lines above the plots that share them, in columns: for lines whose ends fall together, beside which
/// <see cref="LineLabels"/> would say nothing.
/// </summary>
internal static class LineKey
{
    private const float Swatch = 30, Gap = 8, Space = 26, LineHeight = FigureStyle.FontSize + 7;

    /// <summary>The height that a key needs.</summary>
    /// <param name="labels">The names.</param>
    /// <param name="width">The width that it has.</param>
    public static int HeightOf(IReadOnlyCollection<string> labels, float width) =>
        (int)(RowsOf(labels.Count, ColumnWidth(new FigureLabels(labels)), width) * LineHeight);

    /// <summary>Draws a key; its order is down the columns.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="left">Its left end.</param>
    /// <param name="top">Its upper end.</param>
    /// <param name="width">The width that it has.</param>
    /// <param name="lines">For each line its name and style.</param>
    public static void Draw(SKCanvas canvas, float left, float top, float width,
        IReadOnlyList<(string Label, SeriesStyle Style)> lines)
    {
        var labels = new FigureLabels(lines.Select(line => line.Label));
        float column = ColumnWidth(labels);
        int rows = RowsOf(lines.Count, column, width);
        using Paint paint = Paint.NewDisposablePaint();
        for (int i = 0; i < lines.Count; i++)
        {
            var (label, style) = lines[i];
            float x = left + column * (i / rows), middle = top + LineHeight * (i % rows + 0.5f);
            var swatch = new PixelLine(x, middle, x + Swatch, middle);
            Drawing.DrawLine(canvas, paint, swatch, new LineStyle(FigureStyle.LineWidth, style.Color, style.Pattern));
            FigureText.Draw(canvas, labels[label], x + Swatch + Gap, middle);
        }
    }

    private static float ColumnWidth(FigureLabels labels) => Swatch + Gap + labels.Widest + Space;

    private static int RowsOf(int count, float column, float width)
    {
        int columns = Math.Max(1, (int)((width + Space) / column));
        return (count + columns - 1) / columns;
    }
}
