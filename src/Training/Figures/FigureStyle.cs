using System.Globalization;
using IlgpuDistance.Training.Words;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>What all figures have in common: font, sizes, colours of axes and grid.</summary>
internal static class FigureStyle
{
    /// <summary>The width of figures; at about this width README files and the HTML report show them.</summary>
    public const int Width = 900;

    /// <summary>Size of labels and numbers.</summary>
    public const float FontSize = 15;

    /// <summary>Width of the lines of data.</summary>
    public const float LineWidth = 2.2f;

    /// <summary>Opacity of a band around a line.</summary>
    public const double BandOpacity = 0.16;

    static FigureStyle()
    {
        Fonts.FontResolvers.Insert(0, new FigureFont());
        Fonts.Default = Fonts.Sans = Fonts.Serif = Fonts.Monospace = FigureFont.Name;
    }

    /// <summary>A line that data are compared with: 0, or what a theory says.</summary>
    public static LineStyle GuideLine => new(1.3f, FigureColor.Faint, new LinePattern([6, 4], 0, "guide"));

    /// <summary>An empty plot in the common style.</summary>
    /// <param name="x">The title of the horizontal axis.</param>
    /// <param name="y">The title of the vertical axis.</param>
    public static Plot NewPlot(string x, string y)
    {
        var plot = new Plot();
        // Several plots share a canvas, which is blank when the first is drawn.
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Color(FigureColor.Ink);
        plot.Axes.Right.FrameLineStyle.Width = plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = FigureColor.Grid;
        plot.Grid.MajorLineWidth = 1;
        plot.Font.Set(FigureFont.Name);
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            axis.TickLabelStyle.FontSize = FontSize;
            axis.TickGenerator = new NumericAutomatic { TickDensity = 0.7, LabelFormatter = TickLabel };
        }
        plot.XLabel(x, FontSize);
        plot.YLabel(y, FontSize);
        plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        return plot;
    }

    /// <summary>How axes write numbers.</summary>
    public static string TickLabel(double value) => Math.Abs(value) >= 1e7
        ? Numbers.WithPower(value, "0.###E0")
        : value.ToString("#,0.######", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>The font, for text that is drawn outside plots.</summary>
    public static SKFont NewFont(float size = FontSize) =>
        new(Fonts.GetTypeface(FigureFont.Name, bold: false, italic: false), size)
        {
            // Letters stand where their widths say; rounded to pixels of the drawing they leave gaps in words.
            Subpixel = true,
            LinearMetrics = true,
            Hinting = SKFontHinting.None,
        };

    /// <summary>The width of the widest of several labels; 0 where there are none.</summary>
    public static float WidestOf(IEnumerable<string> labels)
    {
        using SKFont font = NewFont();
        return labels.Select(label => font.MeasureText(label)).DefaultIfEmpty().Max();
    }

    /// <summary>Adds a line of data.</summary>
    public static void AddLine(Plot plot, double[] xs, double[] ys, SeriesStyle style)
    {
        var line = plot.Add.ScatterLine(xs, ys, style.Color);
        line.LineWidth = LineWidth;
        line.LinePattern = style.Pattern;
    }

    /// <summary>
    /// Adds the band of one deviation on either side of a line; nothing where a deviation is NaN, as those of a single run are.
    /// </summary>
    public static void AddBand(Plot plot, double[] xs, double[] means, double[] deviations, SeriesStyle style)
    {
        if (deviations.Any(double.IsNaN))
            return;
        double[] low = [.. means.Zip(deviations, (mean, deviation) => mean - deviation)];
        double[] high = [.. means.Zip(deviations, (mean, deviation) => mean + deviation)];
        var band = plot.Add.FillY(xs, low, high);
        band.FillColor = ((Color)style.Color).WithAlpha(BandOpacity);
        band.LineWidth = 0;
        band.MarkerSize = 0;
    }

    /// <summary>Draws a plot into a part of a canvas.</summary>
    public static void Render(Plot plot, SKCanvas canvas, PixelRect place)
    {
        // The library draws a plot twice when it is new, to settle its axes, which would show through bands and in the size of
        // SVGs.
        using (var nowhere = new SKNoDrawCanvas((int)place.Right, (int)place.Bottom))
            plot.Render(nowhere, place);
        plot.Render(canvas, place);
    }
}
