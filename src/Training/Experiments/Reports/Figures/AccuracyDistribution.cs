using IlgpuDistance.Training.Experiments.Reports.Published;
using IlgpuDistance.Training.Experiments.Reports.Records;
using MathNet.Numerics.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace IlgpuDistance.Training.Experiments.Reports.Figures;

/// <summary>
/// The final test accuracies: a row for each model with a point for each run, a box from the lower to the upper quartile where
/// there are enough runs, and beside it what was published.
/// </summary>
internal static class AccuracyDistribution
{
    /// <summary>Quartiles of fewer runs than this say no more than the points.</summary>
    private const int FewestForBox = 5;

    private const int RowHeight = 38, KeyHeight = 34, AxisHeight = 58;
    private const int MostHeights = 5;

    /// <summary>Points of more runs than this are smaller.</summary>
    private const int MostLargePoints = 8;

    private const double BoxHalf = 0.26, MeanHalf = 0.34, PointDistance = 0.09, PublishedOffset = 0.38;

    /// <summary>Draws the distributions of an experiment.</summary>
    /// <param name="records">The experiment; at least one run is finished.</param>
    /// <param name="published">The published figures to show beside the models'; may be empty.</param>
    public static Figure Draw(ExperimentRecords records, IReadOnlyList<PublishedFigure> published)
    {
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(records.Models.Select(model => model.Name));
        ModelRecords[] models = [.. records.FinishedModels];
        double[] shown =
        [
            .. models.SelectMany(model => model.Finished).Select(run => run.TestAccuracy),
            .. published.SelectMany(Ends),
        ];
        var axis = new AccuracyAxis(shown, records.Description.Data.TestCount);
        bool hasMeans = models.Any(model => model.Finished.Count > 1);
        bool hasBoxes = models.Any(model => model.Finished.Count >= FewestForBox);
        int height = KeyHeight + models.Length * RowHeight + AxisHeight;
        return new Figure("accuracy", "Final test accuracy of every run, a row for each model", FigureStyle.Width, height, canvas =>
        {
            Plot plot = FigureStyle.NewPlot("test accuracy after the last epoch, %", "");
            var names = new NumericManual();
            for (int row = 0; row < models.Length; row++)
            {
                double y = -row;
                names.AddMajor(y, FigureStyle.Label(models[row].Name));
                AddRuns(plot, axis, models[row], styles[models[row].Name], y);
                foreach (PublishedFigure figure in published.Where(figure => figure.Model == models[row].Name))
                    AddPublished(plot, axis, figure, y - PublishedOffset);
            }
            plot.Axes.Left.TickGenerator = names;
            plot.Axes.Left.MajorTickStyle.Length = 0;
            plot.Axes.SetLimitsY(-models.Length + 0.5, 0.5);
            axis.ApplyTo(plot);
            float labels = FigureStyle.WidestOf(models.Select(model => FigureStyle.Label(model.Name)));
            plot.Layout.Fixed(new PixelPadding(24 + labels, 20, AxisHeight, 0));
            FigureStyle.Render(plot, canvas, new PixelRect(0, FigureStyle.Width, height, KeyHeight));
            DrawKey(canvas, plot.RenderManager.LastRender.DataRect.Left, hasMeans, hasBoxes, published.Count > 0);
        });
    }

    private static double[] Ends(PublishedFigure figure)
    {
        var (_, mean, deviation) = figure.TestAccuracy;
        return [mean - deviation, mean + deviation];
    }

    private static void AddRuns(Plot plot, AccuracyAxis axis, ModelRecords model, SeriesStyle style, double y)
    {
        double[] accuracies = [.. model.Finished.Select(run => run.TestAccuracy)];
        if (accuracies.Length >= FewestForBox)
        {
            var box = plot.Add.Rectangle(
                axis.Position(accuracies.LowerQuartile()), axis.Position(accuracies.UpperQuartile()), y - BoxHalf, y + BoxHalf);
            box.FillColor = ((Color)style.Color).WithAlpha(FigureStyle.BandOpacity);
            (box.LineColor, box.LineWidth) = (style.Color, 1.2f);
            double middle = axis.Position(accuracies.Median());
            var median = plot.Add.Line(middle, y - BoxHalf, middle, y + BoxHalf);
            (median.LineColor, median.LineWidth) = (style.Color, 1.2f);
        }
        if (accuracies.Length > 1)
        {
            double average = axis.Position(accuracies.Mean());
            var mean = plot.Add.Line(average, y - MeanHalf, average, y + MeanHalf);
            (mean.LineColor, mean.LineWidth) = (FigureColor.Ink, 2);
        }

        // Points of equal runs would hide each other: every run has its own height, in a fixed order.
        int heights = Math.Min(accuracies.Length, MostHeights);
        double[] ys = [.. accuracies.Select((_, i) => y + PointDistance * (i % heights - (heights - 1) / 2.0))];
        var points = plot.Add.Scatter(accuracies.Select(axis.Position).ToArray(), ys);
        points.LineWidth = 0;
        points.MarkerStyle = RunMarker(style.Color, accuracies.Length > MostLargePoints ? 7 : 9);
    }

    private static void AddPublished(Plot plot, AccuracyAxis axis, PublishedFigure figure, double y)
    {
        double[] ends = Ends(figure);
        var deviation = plot.Add.Line(axis.Position(ends[0]), y, axis.Position(ends[1]), y);
        (deviation.LineColor, deviation.LineWidth) = (FigureColor.Faint, 1.5f);
        var mean = plot.Add.Marker(axis.Position(figure.TestAccuracy.Mean), y);
        mean.MarkerStyle = PublishedMarker();
    }

    private static MarkerStyle RunMarker(FigureColor color, float size) =>
        new(MarkerShape.FilledCircle, size, color) { OutlineColor = FigureColor.Paper, OutlineWidth = 1 };

    private static MarkerStyle PublishedMarker() =>
        new(MarkerShape.FilledDiamond, 11) { FillColor = FigureColor.Paper, OutlineColor = FigureColor.Faint, OutlineWidth = 1.5f };

    /// <summary>What the signs mean, in a line above the plot.</summary>
    private static void DrawKey(SKCanvas canvas, float left, bool hasMeans, bool hasBoxes, bool hasPublished)
    {
        const float Middle = KeyHeight / 2f, Sign = 22, Gap = 8, Space = 28;
        using SKFont font = FigureStyle.NewFont();
        using Paint paint = Paint.NewDisposablePaint();
        using var ink = new SKPaint { Color = SKColor.Parse(FigureColor.Ink.Light), IsAntialias = true };
        float x = left;

        void Entry(string text, Action<Pixel> drawSign)
        {
            drawSign(new Pixel(x + Sign / 2, Middle));
            x += Sign + Gap;
            canvas.DrawText(text, x, Middle + font.Metrics.CapHeight / 2, SKTextAlign.Left, font, ink);
            x += font.MeasureText(text) + Space;
        }

        void DrawUpright(Pixel at, float half, LineStyle style) =>
            Drawing.DrawLine(canvas, paint, new PixelLine(at.X, at.Y - half, at.X, at.Y + half), style);

        Entry("one run", at => Drawing.DrawMarker(canvas, paint, at, RunMarker(FigureColor.Faint, 9)));
        if (hasMeans)
            Entry("mean", at => DrawUpright(at, 10, new LineStyle(2, FigureColor.Ink)));
        if (hasBoxes)
        {
            Entry("median and quartiles", at =>
            {
                var box = new PixelRect(at.X - Sign / 2, at.X + Sign / 2, at.Y + 8, at.Y - 8);
                var line = new LineStyle(1.2f, FigureColor.Faint);
                Color inside = ((Color)FigureColor.Faint).WithAlpha(FigureStyle.BandOpacity);
                Drawing.FillRectangle(canvas, box, paint, new FillStyle { Color = inside });
                Drawing.DrawRectangle(canvas, box, paint, line);
                DrawUpright(new Pixel(at.X + 3, at.Y), 8, line);
            });
        }
        if (hasPublished)
        {
            Entry("published mean ± standard deviation", at =>
            {
                var deviation = new PixelLine(at.X - Sign / 2, at.Y, at.X + Sign / 2, at.Y);
                Drawing.DrawLine(canvas, paint, deviation, new LineStyle(1.5f, FigureColor.Faint));
                Drawing.DrawMarker(canvas, paint, at, PublishedMarker());
            });
        }
    }
}
