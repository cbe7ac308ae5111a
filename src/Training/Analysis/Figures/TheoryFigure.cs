using IlgpuDistance.Training.Figures;
using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// Whether distances have learned centers and spreads, such as means and deviations: at the left the prototypes μ over the mean
/// of the class and over that of all others, at the right the weights over 1/σ, a point for each class and input. Where the
/// theory holds they lie on the line.
/// </summary>
internal static class TheoryFigure
{
    /// <summary>More points than this are thinned out: every second, third, … input is shown.</summary>
    private const int MostPoints = 12_000;

    private const float DotSize = 4;
    private const double DotOpacity = 0.35;
    private const int PlotHeight = 430, HeadingHeight = 26, Top = FigureTitle.Height + SignKey.Height + HeadingHeight;
    private const float PanelWidth = FigureStyle.Width / 2f, LeftMargin = 72, RightMargin = 18, BottomMargin = 58;

    /// <summary>Weights smaller than this times the largest one lie on the lower end of the axis.</summary>
    private const double LeastWeight = 1e-3;

    private static readonly FigureColor Own = FigureColor.Series[0], Others = FigureColor.Series[1];

    private static LineStyle IdentityLine => new(2, FigureColor.Ink, FigureStyle.GuideLine.Pattern);

    /// <summary>Draws it for the first run that has a check.</summary>
    /// <returns>The figure; null where no run has a check with finite numbers.</returns>
    public static Figure? Draw(ModelAnalysis model)
    {
        if (model.Runs.Select(run => run.Theory).OfType<TheoryCheck>().FirstOrDefault() is not { } theory)
            return null;
        var words = DistanceTheory.Of(theory.Model);
        int step = 1 + theory.Classes.Sum(one => one.Inputs) / MostPoints;
        // One element of the drawing for each class, so that points of several show through each other.
        (double X, double Y)[][] own = [.. theory.Classes.Select(one => PointsOf(one.Mean, one.Mu, step))];
        (double X, double Y)[][] others = [.. theory.Classes.Select(one => PointsOf(one.OthersMean, one.Mu, step))];
        (double X, double Y)[][] weights =
            [.. theory.Classes.Select(one => PointsOf(InverseOf(one.Deviation), one.Weight, step))];
        if (own.All(points => points.Length == 0))
            return null;

        Plot means = MeansPlot(own, others, words);
        Plot? weightsPlot = weights.Any(points => points.Length > 0) ? WeightsPlot(weights, words) : null;
        bool hasLine = HasIdentity(means) || (weightsPlot is not null && HasIdentity(weightsPlot));
        return new Figure(
            FigureNames.Of("theory", model),
            $"The prototypes of {model.Name} over class {words.Center}s, and its weights over inverse {words.Spread}s",
            FigureStyle.Width, Top + PlotHeight, canvas =>
            {
                FigureTitle.Draw(canvas, model.Name, LeftMargin);
                SignKey.Draw(canvas, LeftMargin, FigureTitle.Height,
                [
                    SignKey.Sign.OfDot($"over the {words.Center} of the class, or its 1/{words.SpreadSign}", Own),
                    SignKey.Sign.OfDot($"over the {words.Center} of all others", Others),
                    .. hasLine ? new[] { SignKey.Sign.OfLine("what the theory says", IdentityLine) } : [],
                ]);
                DrawPanel(canvas, 0, "prototypes", means);
                if (weightsPlot is not null)
                    DrawPanel(canvas, PanelWidth, "weights", weightsPlot);
            });
    }

    private static void DrawPanel(SKCanvas canvas, float left, string heading, Plot plot)
    {
        string note = HasIdentity(plot) ? "" : "; the theory's line lies outside";
        FigureText.Draw(canvas, heading + note, left + LeftMargin, Top - HeadingHeight / 2f);
        FigureStyle.Render(plot, canvas, new PixelRect(left, left + PanelWidth, Top + PlotHeight, Top));
    }

    private static Plot MeansPlot((double X, double Y)[][] own, (double X, double Y)[][] others, DistanceTheory words)
    {
        Plot plot = NewPlot($"{words.Center} of the layer's input", "prototype μ",
            [.. own.Concat(others).SelectMany(points => points)]);
        foreach (var points in others)
            Dots.Add(plot, points, Others, DotSize, DotOpacity);
        foreach (var points in own)
            Dots.Add(plot, points, Own, DotSize, DotOpacity);
        AddIdentity(plot);
        return plot;
    }

    private static Plot WeightsPlot((double X, double Y)[][] weights, DistanceTheory words)
    {
        double largest = weights.SelectMany(points => points).Max(point => point.Y);
        double least = largest > 0 ? largest * LeastWeight : 1;
        (double X, double Y)[][] logarithms =
        [
            .. weights.Select(points => points.Select(point => (Math.Log10(point.X), Math.Log10(Math.Max(point.Y, least))))
                .ToArray()),
        ];
        Plot plot = NewPlot($"1/{words.SpreadSign} of the class", "weight", [.. logarithms.SelectMany(points => points)]);
        AxisLimits limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = LogarithmicTicks.Between(limits.Left, limits.Right);
        plot.Axes.Left.TickGenerator = LogarithmicTicks.Between(limits.Bottom, limits.Top);
        foreach (var points in logarithms)
            Dots.Add(plot, points, Own, DotSize, DotOpacity);
        AddIdentity(plot);
        return plot;
    }

    /// <summary>A plot in which all points have room.</summary>
    private static Plot NewPlot(string x, string y, (double X, double Y)[] points)
    {
        Plot plot = FigureStyle.NewPlot(x, y);
        var (left, right) = Widened(points.Min(point => point.X), points.Max(point => point.X));
        var (bottom, top) = Widened(points.Min(point => point.Y), points.Max(point => point.Y));
        plot.Axes.SetLimits(left, right, bottom, top);
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, BottomMargin, 4));
        return plot;
    }

    /// <summary>Adds the line on which both coordinates are equal, as far as the axes reach.</summary>
    private static void AddIdentity(Plot plot)
    {
        var (low, high) = IdentityOf(plot);
        if (low < high)
            plot.Add.Line(low, low, high, high).LineStyle = IdentityLine;
    }

    private static bool HasIdentity(Plot plot) => IdentityOf(plot) is var (low, high) && low < high;

    private static (double Low, double High) IdentityOf(Plot plot)
    {
        AxisLimits limits = plot.Axes.GetLimits();
        return (Math.Max(limits.Left, limits.Bottom), Math.Min(limits.Right, limits.Top));
    }

    private static (double Low, double High) Widened(double low, double high)
    {
        double margin = high > low ? 0.04 * (high - low) : 0.5;
        return (low - margin, high + margin);
    }

    private static float[] InverseOf(float[] deviations) =>
        [.. deviations.Select(deviation => deviation > 0 ? 1 / deviation : float.NaN)];

    /// <summary>Every so many of the points that are finite; none where one side is empty.</summary>
    private static (double X, double Y)[] PointsOf(float[] xs, float[] ys, int step) =>
    [
        .. xs.Zip(ys, (x, y) => (X: (double)x, Y: (double)y))
            .Where((point, i) => i % step == 0 && double.IsFinite(point.X) && double.IsFinite(point.Y)),
    ];
}
