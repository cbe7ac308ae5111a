using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Figures;
using MathNet.Numerics.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// What it costs to clamp single nodes of the first hidden layer at the worst threshold: a row for each model with a point for
/// each node of its runs. The axis is linear for small losses and logarithmic for large ones: most nodes matter little.
/// </summary>
internal static class NodePerturbationFigure
{
    /// <summary>No more points of a model than this can be told apart.</summary>
    private const int MostPoints = 600;

    /// <summary>The axis turns from linear to logarithmic about this loss, in points.</summary>
    private const double LinearLoss = 0.2;

    private const float DotSize = 4;
    private const double DotOpacity = 0.5, PointsHalf = 0.24;

    private static readonly double[] Ticks = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

    /// <summary>Draws it.</summary>
    /// <param name="record">The analyses.</param>
    /// <param name="split">The images.</param>
    /// <returns>The figure; null where no model has a hidden layer that was analysed on these images.</returns>
    public static Figure? Draw(AnalysisRecord record, Split split)
    {
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(record.Models.Select(model => model.Name));
        var models = record.Models.Select(model =>
            (model.Name, Losses: model.Runs.SelectMany(run => LossesOf(run, split)).ToArray()))
            .Where(model => model.Losses.Length > 0).ToArray();
        if (models.Length == 0)
            return null;

        int height = ModelRows.HeightOf(models.Length);
        string words = FigureNames.InWords(split);
        return new Figure(
            FigureNames.Of("node-perturbation", split),
            $"Points of {words} accuracy that clamping single nodes of the first hidden layer costs, a row for each model",
            FigureStyle.Width, height, canvas =>
            {
                Plot plot = ModelRows.NewPlot(
                    $"{words} accuracy lost with one node clamped at the worst threshold, points",
                    [.. models.Select(model => model.Name)]);
                for (int row = 0; row < models.Length; row++)
                {
                    var (name, losses) = models[row];
                    IEnumerable<(double, double)> points = Dots.Thin(losses, MostPoints)
                        .Select((loss, i) => (Position(loss), HeightOf(i) - row));
                    Dots.Add(plot, points, styles[name].Color, DotSize, DotOpacity);
                    ModelRows.AddBox(plot, losses, Position, -row, styles[name].Color);
                    ModelRows.AddMiddle(plot, Position(losses.Median()), -row);
                }
                UseTicks(plot, models.Max(model => model.Losses.Max()));
                PixelRect data = ModelRows.Render(plot, canvas, height);
                SignKey.Draw(canvas, data.Left, 0,
                    SignKey.Sign.OfDot("one node", FigureColor.Faint),
                    SignKey.Sign.OfMiddle("median"), SignKey.Sign.OfBox("quartiles"));
            });
    }

    private static IEnumerable<double> LossesOf(RunAnalysis run, Split split)
    {
        NodePerturbation? first = run.NodePerturbations.Where(layer => layer.Split == split).MinBy(layer => layer.Layer.Index);
        return first is null ? [] : Enumerable.Range(0, first.Nodes).Select(first.Loss);
    }

    private static double Position(double loss) => Math.Asinh(loss / LinearLoss);

    private static void UseTicks(Plot plot, double largest)
    {
        double high = Position(Math.Max(largest, 1)), margin = 0.02 * high;
        plot.Axes.SetLimitsX(-margin, high + margin);
        var ticks = new NumericManual();
        foreach (double tick in Ticks.Where(tick => Position(tick) <= high + margin))
            ticks.AddMajor(Position(tick), FormattableString.Invariant($"{tick}"));
        plot.Axes.Bottom.TickGenerator = ticks;
    }

    /// <summary>
    /// The height of a point in its row, by the golden section: neighbours are far apart, and no pattern shows.
    /// </summary>
    private static double HeightOf(int i) => PointsHalf * (2 * (i * 0.6180339887498949 % 1) - 1);
}
