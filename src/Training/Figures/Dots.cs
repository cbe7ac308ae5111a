using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// Many small points of a plot. They are one element of an SVG file, where markers of the plotting library are one each. So they
/// are translucent against what is behind them, not against each other.
/// </summary>
internal sealed class Dots : IPlottable
{
    private readonly Coordinates[] _points;
    private readonly FigureColor _color;
    private readonly float _size;
    private readonly double _opacity;

    private Dots(Coordinates[] points, FigureColor color, float size, double opacity)
    {
        _points = points;
        (_color, _size, _opacity) = (color, size, opacity);
    }

    /// <summary>Adds points to a plot; those that are not finite are left out.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="points">The points in the units of its axes.</param>
    /// <param name="color">Their colour.</param>
    /// <param name="size">Their diameter.</param>
    /// <param name="opacity">Their opacity, between 0 and 1.</param>
    public static void Add(Plot plot, IEnumerable<(double X, double Y)> points, FigureColor color, float size, double opacity)
    {
        Coordinates[] finite =
        [
            .. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
                .Select(point => new Coordinates(point.X, point.Y)),
        ];
        if (finite.Length > 0)
            plot.Add.Plottable(new Dots(finite, color, size, opacity));
    }

    /// <summary>
    /// At most a number of values, ascending: all of them, or as many at even distances in their order, the smallest and the
    /// largest among them. Values that are not finite are left out.
    /// </summary>
    public static double[] Thin(IEnumerable<double> values, int most)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length <= most
            ? sorted
            : [.. Enumerable.Range(0, most).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (most - 1))])];
    }

    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public IAxes Axes { get; set; } = new Axes();

    /// <inheritdoc/>
    public IEnumerable<LegendItem> LegendItems => [];

    /// <inheritdoc/>
    public AxisLimits GetAxisLimits() => new(_points);

    /// <inheritdoc/>
    public void Render(RenderPack rp)
    {
        using var paint = new SKPaint
        {
            Color = SKColor.Parse(_color.Light).WithAlpha((byte)Math.Round(255 * _opacity)),
            IsAntialias = true,
            IsStroke = true,
            StrokeWidth = _size,
            StrokeCap = SKStrokeCap.Round,
        };
        // A line so short that its round ends are all that is seen. SVG files get no lines of no length.
        const float Length = 0.01f;
        using var path = new SKPath();
        foreach (Pixel place in _points.Select(Axes.GetPixel))
        {
            path.MoveTo(place.X, place.Y);
            path.LineTo(place.X + Length, place.Y);
        }
        rp.Canvas.DrawPath(path, paint);
    }
}
