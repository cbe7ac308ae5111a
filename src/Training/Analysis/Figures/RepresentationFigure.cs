using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments.Reports.Figures;
using ScottPlot;
using ScottPlot.TickGenerators;

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
            $"Index of each output on {FigureNames.InWords(split)} images between 0, distance, and 1, intensity, a row for each model",
            FigureStyle.Width, height, canvas =>
            {
                Plot plot = ModelRows.NewPlot("representation index of each output", [.. models.Select(model => model.Name)]);
                var undecided = plot.Add.Line(0.5, -models.Length + 0.5, 0.5, 0.5);
                undecided.LineStyle = new LineStyle(1, FigureColor.Faint, LinePattern.Dashed);
                for (int row = 0; row < models.Length; row++)
                    ModelRows.AddMean(plot, models[row].Points.Average(point => point.Index), -row);
                UseTicks(plot);
                PixelRect data = ModelRows.Render(plot, canvas, height);
                for (int row = 0; row < models.Length; row++)
                {
                    Dots.Draw(canvas, plot, models[row].Points.Select(point => (point.Index, point.Height - row)),
                        styles[models[row].Name].Color, DotSize, DotOpacity);
                }
                SignKey.Draw(canvas, data.Left, 0,
                    SignKey.Sign.OfDot("one output", FigureColor.Faint),
                    SignKey.Sign.OfMean("mean of the model"));
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

    private static void UseTicks(Plot plot)
    {
        plot.Axes.SetLimitsX(-0.03, 1.03);
        var ticks = new NumericManual();
        for (int tenth = 0; tenth <= 10; tenth++)
        {
            string meaning = tenth switch { 0 => "0: distance", 5 => "0.5: says nothing", 10 => "1: intensity", _ => "" };
            bool isShort = tenth is 2 or 3 or 7 or 8;
            ticks.AddMajor(tenth / 10.0, isShort ? FormattableString.Invariant($"0.{tenth}") : meaning);
        }
        plot.Axes.Bottom.TickGenerator = ticks;
    }
}
