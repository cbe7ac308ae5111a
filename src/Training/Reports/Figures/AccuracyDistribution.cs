using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Published;
using MathNet.Numerics.Statistics;
using ScottPlot;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>
/// The final test accuracies: a row for each model with a point for each run, a box from the lower to the upper quartile where
/// there are enough runs, and beside it what was published.
/// </summary>
internal static class AccuracyDistribution
{
    /// <summary>Quartiles of fewer runs than this say no more than the points.</summary>
    private const int FewestForBox = 5;

    private const int MostHeights = 5;

    /// <summary>Points of more runs than this are smaller.</summary>
    private const int MostLargePoints = 8;

    private const double PointDistance = 0.09, PublishedOffset = 0.38;

    private static LineStyle PublishedLine => new(1.5f, FigureColor.Faint);

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
        var axis = new AccuracyAxis(shown, records.Description.FewestTests);
        bool hasMeans = models.Any(model => model.Finished.Count > 1);
        bool hasBoxes = models.Any(model => model.Finished.Count >= FewestForBox);
        int height = ModelRows.HeightOf(models.Length);
        return new Figure("accuracy", "Final test accuracy of every run, a row for each model", FigureStyle.Width, height,
            canvas =>
        {
            Plot plot = ModelRows.NewPlot("test accuracy after the last epoch, %", [.. models.Select(model => model.Name)]);
            for (int row = 0; row < models.Length; row++)
            {
                double y = -row;
                AddRuns(plot, axis, models[row], styles[models[row].Name], y);
                foreach (PublishedFigure figure in published.Where(figure => figure.Model == models[row].Name))
                    AddPublished(plot, axis, figure, y - PublishedOffset);
            }
            axis.ApplyTo(plot);
            PixelRect data = ModelRows.Render(plot, canvas, height);
            SignKey.Draw(canvas, data.Left, 0, Key(hasMeans, hasBoxes, published.Count > 0));
        });
    }

    private static IEnumerable<SignKey.Sign> Key(bool hasMeans, bool hasBoxes, bool hasPublished)
    {
        yield return SignKey.Sign.OfMarker("one run", RunMarker(FigureColor.Faint, 9));
        if (hasMeans)
            yield return SignKey.Sign.OfMiddle("mean");
        if (hasBoxes)
            yield return SignKey.Sign.OfBox("median and quartiles");
        if (hasPublished)
            yield return SignKey.Sign.OfInterval("published mean ± standard deviation", PublishedMarker(), PublishedLine);
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
            ModelRows.AddBox(plot, accuracies, axis.Position, y, style.Color);
        if (accuracies.Length > 1)
            ModelRows.AddMiddle(plot, axis.Position(accuracies.Mean()), y);

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
        plot.Add.Line(axis.Position(ends[0]), y, axis.Position(ends[1]), y).LineStyle = PublishedLine;
        var mean = plot.Add.Marker(axis.Position(figure.TestAccuracy.Mean), y);
        mean.MarkerStyle = PublishedMarker();
    }

    private static MarkerStyle RunMarker(FigureColor color, float size) =>
        new(MarkerShape.FilledCircle, size, color) { OutlineColor = FigureColor.Paper, OutlineWidth = 1 };

    private static MarkerStyle PublishedMarker() =>
        new(MarkerShape.FilledDiamond, 11)
        {
            FillColor = FigureColor.Paper,
            OutlineColor = FigureColor.Faint,
            OutlineWidth = 1.5f
        };
}
