using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Sweeps;
using ScottPlot;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>
/// The final test accuracy over what was varied: a line through the means for each combination of the other factors, with the
/// 95 % intervals of the means, a point for each run, and a cross where runs diverged. Between words there is no line.
/// </summary>
internal static class ResponseCurves
{
    private const int PanelHeight = 430, LeftMargin = 72, BottomMargin = 58, TopMargin = 10;
    private const double Dodge = 0.007, DotOpacity = 0.45;
    private const float DotSize = 6;

    /// <summary>Draws the curves.</summary>
    /// <param name="factors">The sweep.</param>
    /// <param name="factor">The place among its factors of the one that the axis has.</param>
    /// <param name="testCount">The number of images behind an accuracy.</param>
    public static Figure Draw(Factors factors, int factor, int testCount)
    {
        Factor number = factors.All[factor];
        var lines = factors.Variants.GroupBy(variant => LabelOf(factors, variant, factor)).ToArray();
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(lines.Select(line => line.Key));
        double[] shown = [.. factors.Variants.SelectMany(variant => variant.Records.Finished).Select(run => run.TestAccuracy)];
        var axis = new AccuracyAxis(shown, testCount);
        bool hasDiverged = factors.Variants.Any(variant => variant.Records.Diverged.Count > 0);
        bool hasIntervals = factors.Variants.Any(variant => variant.Records.TestAccuracyInterval is not null);
        double[] places = [.. number.Levels.Select(number.PositionOf)];
        double width = Math.Max(places[^1] - places[0], 1e-9), dodge = Dodge * width;
        var names = new FigureLabels(styles.Keys);
        float labels = lines.Length > 1 ? LineLabels.WidthOf(names) : 20, axisWidth = FigureStyle.Width - LeftMargin - labels;
        float extra = FactorAxis.ExtraHeightOf(number, axisWidth);
        int plotHeight = Math.Max(PanelHeight, TopMargin + BottomMargin + (int)LineLabels.HeightOf(lines.Length)) + (int)extra;
        var place = new PixelRect(0, FigureStyle.Width, SignKey.Height + plotHeight, SignKey.Height);

        return new Figure(
            $"response-{factor}", $"Test accuracy over {number.Title}, with a line for each of the other values",
            FigureStyle.Width, SignKey.Height + plotHeight, canvas =>
            {
                Plot plot = FigureStyle.NewPlot(number.Title, "test accuracy after the last epoch, %");
                var ends = new List<(string Label, SeriesStyle Style, double End)>();
                foreach (var (i, line) in lines.Index())
                {
                    SeriesStyle style = styles[line.Key];
                    double shift = dodge * (i - (lines.Length - 1) / 2.0);
                    var points = line.OrderBy(variant => number.PositionOf(variant.Levels[factor]))
                        .Select(variant => (X: number.PositionOf(variant.Levels[factor]) + shift, variant.Records)).ToArray();
                    foreach (var (x, records) in points)
                        AddRuns(plot, axis, records, x, style);
                    var means = points.Where(point => point.Records.TestAccuracy is not null)
                        .Select(point => (point.X, Y: axis.Position(point.Records.TestAccuracy!.Mean))).ToArray();
                    if (means.Length == 0)
                        continue;
                    if (number.Numbers is not null)
                        FigureStyle.AddLine(plot, [.. means.Select(mean => mean.X)], [.. means.Select(mean => mean.Y)], style);
                    else
                        AddMeans(plot, means, style);
                    ends.Add((line.Key, style, means[^1].Y));
                }
                axis.ApplyToVertical(plot);
                FactorAxis.Apply(plot, number, axisWidth, dodge * lines.Length / 2);
                plot.Layout.Fixed(new PixelPadding(LeftMargin, labels, BottomMargin + extra, TopMargin));
                FigureStyle.Render(plot, canvas, place);
                if (lines.Length > 1)
                    LineLabels.Draw(canvas, plot, ends, names);
                SignKey.Draw(canvas, LeftMargin, 0, Key(number, hasIntervals, hasDiverged));
            });
    }

    /// <summary>The values of all factors but one.</summary>
    internal static string LabelOf(Factors factors, Factors.Variant variant, params int[] except) => string.Join(
        ", ", factors.All.Index().Where(factor => !except.Contains(factor.Index))
            .Select(factor => factor.Item.LabelOf(variant.Levels[factor.Index])));

    private static IEnumerable<SignKey.Sign> Key(Factor factor, bool hasIntervals, bool hasDiverged)
    {
        yield return SignKey.Sign.OfDot("one run", FigureColor.Faint);
        yield return factor.Numbers is not null
            ? SignKey.Sign.OfLine("mean", new LineStyle(FigureStyle.LineWidth, FigureColor.Faint))
            : SignKey.Sign.OfMarker("mean", MeanMarker(FigureColor.Faint));
        if (hasIntervals)
            yield return SignKey.Sign.OfMiddle("95 % interval of the mean");
        if (hasDiverged)
            yield return SignKey.Sign.OfMarker("some or all runs diverged", DivergedMarker(FigureColor.Faint));
    }

    private static void AddMeans(Plot plot, IEnumerable<(double X, double Y)> means, SeriesStyle style)
    {
        foreach (var (x, y) in means)
            plot.Add.Marker(x, y).MarkerStyle = MeanMarker(style.Color);
    }

    private static void AddRuns(Plot plot, AccuracyAxis axis, ModelRecords records, double x, SeriesStyle style)
    {
        Dots.Add(
            plot, records.Finished.Select(run => (x, axis.Position(run.TestAccuracy))), style.Color, DotSize, DotOpacity);
        if (records.TestAccuracyInterval is { } interval)
            plot.Add.Line(x, axis.Position(interval.Low), x, axis.Position(interval.High)).LineStyle = IntervalLine(style.Color);
        if (records.Diverged.Count > 0)
        {
            var (low, high) = axis.Ends;
            plot.Add.Marker(x, low + 0.025 * (high - low)).MarkerStyle = DivergedMarker(style.Color);
        }
    }

    private static LineStyle IntervalLine(FigureColor color) => new(1.6f, color);

    private static MarkerStyle MeanMarker(FigureColor color) =>
        new(MarkerShape.FilledDiamond, 12) { FillColor = FigureColor.Paper, OutlineColor = color, OutlineWidth = 2 };

    private static MarkerStyle DivergedMarker(FigureColor color) =>
        new(MarkerShape.Eks, 10) { LineColor = color, LineWidth = 2 };
}
