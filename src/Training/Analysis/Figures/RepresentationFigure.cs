using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Figures;
using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// Whether outputs measure distance or intensity: a row for each model with a point for each output of each run between 0, a
/// perfect distance node, and 1, a perfect intensity node.
/// </summary>
internal static class RepresentationFigure
{
    /// <summary>Heights in a row, so that equal outputs of several runs do not hide each other.</summary>
    private const int MostHeights = 5;

    private const double HeightDistance = 0.1, DotOpacity = 0.55;
    private const float DotSize = 7;

    /// <summary>Draws it.</summary>
    /// <param name="record">The analyses.</param>
    /// <param name="split">The images.</param>
    /// <returns>The figure; null where no output has an index on these images.</returns>
    public static Figure? Draw(AnalysisRecord record, Split split)
    {
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(record.Models.Select(model => model.Name));
        var models = record.Models.Select(model => (model.Name, Points: PointsOf(model, split)))
            .Where(model => model.Points.Length > 0).ToArray();
        if (models.Length == 0)
            return null;

        int height = ModelRows.HeightOf(models.Length);
        return new Figure(
            FigureNames.Of("representation", split),
            $"Index of each output on {FigureNames.InWords(split)} images between 0, distance, and 1, intensity, a row for " +
                $"each model",
            FigureStyle.Width, height, canvas =>
            {
                Plot plot = ModelRows.NewPlot("", [.. models.Select(model => model.Name)]);
                plot.Add.VerticalLine(0.5).LineStyle = FigureStyle.GuideLine;
                for (int row = 0; row < models.Length; row++)
                {
                    var (name, points) = models[row];
                    Dots.Add(plot, points.Select(point => (point.Index, point.Height - row)), styles[name].Color, DotSize,
                        DotOpacity);
                    ModelRows.AddMiddle(plot, points.Average(point => point.Index), -row);
                }
                plot.Axes.SetLimitsX(-0.03, 1.03);
                PixelRect data = ModelRows.Render(plot, canvas, height);
                float meaning = data.Bottom + ModelRows.AxisHeight - FigureStyle.FontSize;
                FigureText.Draw(canvas, "distance", plot.Axes.Bottom.GetPixel(0, data), meaning);
                FigureText.Draw(canvas, "says nothing", plot.Axes.Bottom.GetPixel(0.5, data), meaning, SKTextAlign.Center);
                FigureText.Draw(canvas, "intensity", plot.Axes.Bottom.GetPixel(1, data), meaning, SKTextAlign.Right);
                SignKey.Draw(canvas, data.Left, 0,
                    SignKey.Sign.OfDot("representation index of one output", FigureColor.Faint),
                    SignKey.Sign.OfMiddle("mean"));
            });
    }

    private static (double Index, double Height)[] PointsOf(ModelAnalysis model, Split split)
    {
        double[][] runs =
        [
            .. model.Runs.SelectMany(run => run.Representation.Where(index => index.Split == split))
                .Select(index => index.Outputs.Where(double.IsFinite).ToArray()),
        ];
        int heights = Math.Min(runs.Length, MostHeights);
        return [.. runs.SelectMany((outputs, run) =>
            outputs.Select(index => (index, HeightDistance * (run % heights - (heights - 1) / 2.0))))];
    }
}
