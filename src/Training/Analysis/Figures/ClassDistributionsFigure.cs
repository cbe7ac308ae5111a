using IlgpuDistance.Training.Figures;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// How the classes lie along one node (Figure 1 of Oursland, arXiv:2502.02103): a histogram for each class in a panel of its own,
/// each as high as its panel, and below them all classes over one axis.
/// </summary>
internal static class ClassDistributionsFigure
{
    private const int LongestRow = 6, PreferredRow = 5;
    private const int HeadingHeight = 24, PanelHeight = 84, TicksHeight = 26, KeyTop = 12, OverlayHeight = 330;
    private const float LeftMargin = 72, RightMargin = 20, PanelSpace = 14, AxisHeight = 58;

    /// <summary>Bins in a step of the lines over one axis; lines with all of them could not be followed.</summary>
    private const int OverlayBins = 2;

    private const double FillOpacity = 0.35;

    /// <summary>Space between the numbers of neighbouring ticks.</summary>
    private const float TickSpace = 18;

    /// <summary>With fewer steps 0 could be the only number.</summary>
    private const int FewestSteps = 3;

    /// <summary>Draws it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">One of its runs.</param>
    /// <returns>The figure; null where the run has no distributions or they have no range.</returns>
    public static Figure? Draw(ModelAnalysis model, RunAnalysis run)
    {
        if (run.Distributions is not { } node || !float.IsFinite(node.Highest - node.Lowest))
            return null;

        int classes = node.Counts.Length;
        int rows = (classes + LongestRow - 1) / LongestRow;
        if (classes <= 2 * PreferredRow)
            rows = (classes + PreferredRow - 1) / PreferredRow;
        int columns = (classes + rows - 1) / rows;
        string[] names = [.. Enumerable.Range(0, classes).Select(label => FormattableString.Invariant($"class {label}"))];
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(names);
        const float Width = FigureStyle.Width - LeftMargin - RightMargin;
        int gridHeight = rows * (HeadingHeight + PanelHeight) + TicksHeight;
        int keyHeight = LineKey.HeightOf(names, Width);
        string runName = run.Run is { } number ? FormattableString.Invariant($"-run-{number}") : "";
        return new Figure(
            FigureNames.Of("distributions", model) + runName,
            FormattableString.Invariant($"Histograms of the pre-activation of node {node.Node} of {model.Name} for each class"),
            FigureStyle.Width, gridHeight + KeyTop + keyHeight + OverlayHeight, canvas =>
            {
                float panelWidth = (Width - (columns - 1) * PanelSpace) / columns;
                for (int label = 0; label < classes; label++)
                {
                    float left = LeftMargin + label % columns * (panelWidth + PanelSpace);
                    float top = label / columns * (HeadingHeight + PanelHeight);
                    bool isLowest = label + columns >= classes;
                    FigureText.Draw(canvas, node.Counts[label].Any(count =>
                        count > 0) ? names[label] : $"{names[label]}: no images", left, top + HeadingHeight / 2f);
                    int ticksHeight = isLowest ? TicksHeight : 0;
                    float plotTop = top + HeadingHeight;
                    var place = new PixelRect(left, left + panelWidth, plotTop + PanelHeight + ticksHeight, plotTop);
                    DrawPanel(canvas, place, node, label, styles[names[label]].Color, ticksHeight);
                }
                float keyTop = gridHeight + KeyTop;
                LineKey.Draw(canvas, LeftMargin, keyTop, Width, [.. names.Select(name => (name, styles[name]))]);
                DrawOverlay(canvas, keyTop + keyHeight, model, node, [.. names.Select(name => styles[name])]);
            });
    }

    private static void DrawPanel(SKCanvas canvas, PixelRect place, ClassDistributions node, int label, FigureColor color,
        int ticksHeight)
    {
        Plot plot = FigureStyle.NewPlot("", "");
        AddZero(plot, node);
        var (xs, ys) = OutlineOf(node, label, 1);
        var histogram = plot.Add.FillY(xs, new double[xs.Length], ys);
        histogram.FillColor = ((Color)color).WithAlpha(FillOpacity);
        histogram.LineStyle = new LineStyle(1, color);
        histogram.MarkerSize = 0;
        UseRange(plot, node, ys.Max() is > 0 and var highest ? highest : 1);
        plot.Axes.Left.TickGenerator = new EmptyTickGenerator();
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.TickGenerator = TicksOf(node, place.Right - place.Left, hasNumbers: ticksHeight > 0);
        plot.Layout.Fixed(new PixelPadding(0, 0, ticksHeight + 1, 0));
        FigureStyle.Render(plot, canvas, place);
    }

    /// <summary>
    /// As many round values as have room for their numbers; those at the ends reach no more than half way to the next panel.
    /// </summary>
    private static NumericManual TicksOf(ClassDistributions node, float width, bool hasNumbers)
    {
        double low = node.Lowest, range = RangeOf(node);
        float widest = Math.Max(FigureText.WidthOf(FigureStyle.TickLabel(Math.Floor(low))),
            FigureText.WidthOf(FigureStyle.TickLabel(Math.Ceiling(low + range))));
        var ticks = new NumericManual();
        foreach (double value in LinearTicks.Between(
            low, low + range, Math.Max(FewestSteps, (int)(width / (widest + TickSpace)))))
        {
            string number = FigureStyle.TickLabel(value);
            double at = (value - low) / range * width, half = FigureText.WidthOf(number) / 2 - PanelSpace / 2;
            ticks.AddMajor(value, hasNumbers && at >= half && at <= width - half ? number : "");
        }
        return ticks;
    }

    private static void DrawOverlay(SKCanvas canvas, float top, ModelAnalysis model, ClassDistributions node,
        SeriesStyle[] styles)
    {
        Plot plot = FigureStyle.NewPlot(
            FormattableString.Invariant(
                $"{FigureLabels.Short(model.Name)}: pre-activation of node {node.Node} of {FigureLabels.Short(node.Layer.Text)}"),
            "images of the class, %");
        AddZero(plot, node);
        double highest = 1;
        for (int label = 0; label < styles.Length; label++)
        {
            var (xs, ys) = OutlineOf(node, label, OverlayBins);
            highest = Math.Max(highest, ys.Max());
            FigureStyle.AddLine(plot, xs, ys, styles[label]);
        }
        UseRange(plot, node, highest);
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, AxisHeight, 8));
        FigureStyle.Render(plot, canvas, new PixelRect(0, FigureStyle.Width, top + OverlayHeight, top));
    }

    /// <summary>The line at 0, where activation functions have their kink.</summary>
    private static void AddZero(Plot plot, ClassDistributions node)
    {
        if (node.Lowest <= 0 && node.Highest >= 0)
            plot.Add.VerticalLine(0).LineStyle = FigureStyle.GuideLine;
    }

    private static void UseRange(Plot plot, ClassDistributions node, double highest)
    {
        double low = node.Lowest, high = low + RangeOf(node), margin = 0.01 * (high - low);
        plot.Axes.SetLimits(low - margin, high + margin, 0, 1.05 * highest);
    }

    /// <summary>The width of all bins; 1 where all pre-activations are the same.</summary>
    private static double RangeOf(ClassDistributions node) => node.Highest > node.Lowest ? (double)node.Highest - node.Lowest : 1;

    /// <summary>
    /// The outline of the occupied part of a class's histogram, from 0 to 0, in percent of its images per step.
    /// </summary>
    private static (double[] Xs, double[] Ys) OutlineOf(ClassDistributions node, int label, int binsPerStep)
    {
        int[] counts = [.. node.Counts[label].Chunk(binsPerStep).Select(bins => bins.Sum())];
        int first = Array.FindIndex(counts, count => count > 0), end = Array.FindLastIndex(counts, count => count > 0) + 1;
        if (first < 0)
            return ([node.Lowest], [0]);
        double images = counts.Sum(), width = RangeOf(node) / counts.Length;
        int[] steps = [.. Enumerable.Range(first, end - first)];
        double[] edges = [.. steps.Append(end).Select(edge => node.Lowest + edge * width)];
        return (
            [.. edges.SelectMany(edge => new[] { edge, edge })],
            [0, .. steps.SelectMany(step => new[] { 100 * counts[step] / images, 100 * counts[step] / images }), 0]);
    }
}
