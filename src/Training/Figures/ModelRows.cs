using MathNet.Numerics.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>A plot with a row for each model, its name at the left: row i is at the height −i, and rows are 1 apart.</summary>
internal static class ModelRows
{
    /// <summary>Height of a row and of the axis below them.</summary>
    public const int RowHeight = 38, AxisHeight = 58;

    private const double BoxHalf = 0.26, MiddleHalf = 0.34;

    /// <summary>The upright line of a mean or median.</summary>
    public static LineStyle MiddleLine => new(2, FigureColor.Ink);

    /// <summary>The lines of a box.</summary>
    public static LineStyle BoxLine(FigureColor color) => new(1.2f, color);

    /// <summary>The inside of a box.</summary>
    public static Color BoxFill(FigureColor color) => ((Color)color).WithAlpha(FigureStyle.BandOpacity);

    /// <summary>An empty plot.</summary>
    /// <param name="x">The title of the horizontal axis.</param>
    /// <param name="models">The models' names, from above.</param>
    public static Plot NewPlot(string x, IReadOnlyList<string> models)
    {
        Plot plot = FigureStyle.NewPlot(x, "");
        var names = new NumericManual();
        var labels = new FigureLabels(models);
        for (int row = 0; row < models.Count; row++)
            names.AddMajor(-row, labels[models[row]]);
        plot.Axes.Left.TickGenerator = names;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimitsY(-models.Count + 0.5, 0.5);
        plot.Layout.Fixed(new PixelPadding(24 + labels.Widest, 20, AxisHeight, 0));
        return plot;
    }

    /// <summary>Draws the plot below a <see cref="SignKey"/>.</summary>
    /// <returns>Where its data are.</returns>
    public static PixelRect Render(Plot plot, SKCanvas canvas, int height)
    {
        FigureStyle.Render(plot, canvas, new PixelRect(0, FigureStyle.Width, height, SignKey.Height));
        return plot.RenderManager.LastRender.DataRect;
    }

    /// <summary>The height of a figure with a key and a number of rows.</summary>
    public static int HeightOf(int models) => SignKey.Height + models * RowHeight + AxisHeight;

    /// <summary>Adds a box from the lower to the upper quartile, with a line at the median.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="position">Where a value is on the axis; ascends or descends.</param>
    /// <param name="y">The height of the row.</param>
    /// <param name="color">The model's colour.</param>
    public static void AddBox(Plot plot, double[] values, Func<double, double> position, double y, FigureColor color)
    {
        var box = plot.Add.Rectangle(position(values.LowerQuartile()), position(values.UpperQuartile()), y - BoxHalf,
            y + BoxHalf);
        box.FillColor = BoxFill(color);
        box.LineStyle = BoxLine(color);
        double middle = position(values.Median());
        plot.Add.Line(middle, y - BoxHalf, middle, y + BoxHalf).LineStyle = BoxLine(color);
    }

    /// <summary>Adds the line of a mean or median.</summary>
    public static void AddMiddle(Plot plot, double x, double y) =>
        plot.Add.Line(x, y - MiddleHalf, x, y + MiddleHalf).LineStyle = MiddleLine;
}
