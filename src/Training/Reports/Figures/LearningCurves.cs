using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Records;
using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>Loss and test accuracy by epoch, one above the other, mean and standard deviation over runs.</summary>
internal static class LearningCurves
{
    private const int LeastPanelHeight = 340, LeftMargin = 72, TopMargin = 14, BottomMargin = 34, TitleHeight = 24;

    /// <summary>
    /// The plain axis of the loss ends this far above that of guessing, the logarithm of the number of classes: on raw bytes
    /// the first losses are a hundred times as large and would leave the rest no room.
    /// </summary>
    private const double GuessRatio = 1.3;

    /// <summary>The curves in the paper's form: the mean of log(loss) and of log(100 − accuracy), natural logarithms.</summary>
    public static Figure InPaperForm(ExperimentRecords records)
    {
        // An accuracy of 100 % has no logarithm; half an image stands for no error at all.
        double smallestError = 100 * 0.5 / records.Description.FewestTests;
        return Draw(
            records, "learning-curves", "Mean of the logarithm of the training loss and of the test error by epoch",
            logarithmic: false,
            new Panel("log(loss)", Losses, Math.Log),
            new Panel("log(100 − test accuracy)", TestAccuracies, accuracy => Math.Log(Math.Max(100 - accuracy, smallestError))));
    }

    /// <summary>The curves as they are, over a logarithmic axis of epochs.</summary>
    public static Figure Plain(ExperimentRecords records)
    {
        double largestEnd = records.FinishedModels.Max(model => model.SummaryOf(run => run.Losses[^1])!.Mean);
        int classes = records.Models.Max(model => records.Description.DataOf(model.Model).Classes);
        double highest = GuessRatio * Math.Max(Math.Log(classes), largestEnd);
        return Draw(
            records, "learning-curves-plain", "Mean training loss and test accuracy by epoch, on a logarithmic axis",
            logarithmic: true,
            new Panel("training loss", Losses, loss => loss) { Lowest = 0, Highest = highest },
            new Panel("test accuracy, %", TestAccuracies, accuracy => accuracy) { Lowest = 0, Highest = 100 });
    }

    /// <summary>
    /// The curves of one run, over logarithmic axes of epochs and of the loss: nobody explains the picture of a training, so that
    /// nothing of it may lie outside, also where the loss has gone through many powers of ten. A loss of 0 has no place there.
    /// </summary>
    public static Figure OfRun(ExperimentRecords records) => Draw(
        records, "learning-curve",
        "Training loss, training and test accuracy by epoch, on logarithmic axes of epochs and of the loss",
        logarithmic: true,
        new Panel("training loss", Losses, Math.Log10) { IsLogarithm = true },
        new Panel("accuracy, %", _ => BothAccuracies, accuracy => accuracy) { Lowest = 0, Highest = 100 });

    private static Line[] BothAccuracies => [new("training", run => run.TrainAccuracies), new("test", run => run.TestAccuracies)];

    private static Line[] Losses(string model) => [new(model, run => run.Losses)];

    private static Line[] TestAccuracies(string model) => [new(model, run => run.TestAccuracies)];

    private static Figure Draw(ExperimentRecords records, string name, string alternative, bool logarithmic, Panel loss,
        Panel accuracy)
    {
        ModelRecords[] models = [.. records.FinishedModels];
        Line[] LinesOf(Panel panel) => [.. models.SelectMany(model => panel.LinesOf(model.Name))];
        // Models that are not finished have their styles, too: those of the others do not change when they are.
        IEnumerable<string> labels = records.Models.Select(model => model.Name)
            .Concat(LinesOf(accuracy).Select(line => line.Label));
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(labels.Distinct());
        int height = Math.Max(LeastPanelHeight, TopMargin + BottomMargin + (int)LineLabels.HeightOf(LinesOf(accuracy).Length));
        return new Figure(name, alternative, FigureStyle.Width, 2 * height + TitleHeight, canvas =>
        {
            var upper = new PixelRect(0, FigureStyle.Width, height, 0);
            var lower = new PixelRect(0, FigureStyle.Width, 2 * height + TitleHeight, height);
            DrawPanel(canvas, upper, loss, "");
            DrawPanel(canvas, lower, accuracy, "epoch");
        });

        void DrawPanel(SKCanvas canvas, PixelRect place, Panel panel, string xTitle)
        {
            Curve CurveOf(ModelRecords model, Line line) =>
                Curve.Of([.. model.Finished.Select(line.Figure)], panel.Transform, logarithmic);

            var curves = models.SelectMany(
                model => panel.LinesOf(model.Name), (model, line) => (line.Label, Curve: CurveOf(model, line)))
                .Where(curve => curve.Curve.Epochs.Length > 0).ToArray();
            Plot plot = FigureStyle.NewPlot(xTitle, panel.Title);
            foreach (var (label, curve) in curves)
                FigureStyle.AddBand(plot, Positions(curve, logarithmic), curve.Means, curve.Deviations, styles[label]);
            foreach (var (label, curve) in curves)
                FigureStyle.AddLine(plot, Positions(curve, logarithmic), curve.Means, styles[label]);
            plot.Axes.Margins(0.01, 0.04);
            plot.Axes.AutoScale();
            AxisLimits limits = plot.Axes.GetLimits();
            plot.Axes.SetLimitsY(Math.Max(limits.Bottom, panel.Lowest), Math.Min(limits.Top, panel.Highest));
            if (panel.IsLogarithm)
                plot.Axes.Left.TickGenerator = LogarithmicTicks.Between(limits.Bottom, limits.Top);
            if (logarithmic)
            {
                plot.Axes.Bottom.TickGenerator =
                    LogarithmicTicks.Between(0, Math.Log10(records.Description.EpochCounts[^1]), leastStep: 1);
            }

            var names = new FigureLabels(styles.Keys);
            float labels = LineLabels.WidthOf(names);
            plot.Layout.Fixed(new PixelPadding(
                LeftMargin, labels, BottomMargin + (xTitle.Length > 0 ? TitleHeight : 0), TopMargin));
            FigureStyle.Render(plot, canvas, place);
            LineLabels.Draw(
                canvas, plot, curves.Select(curve => (curve.Label, styles[curve.Label], curve.Curve.Means[^1])), names);
        }
    }

    private static double[] Positions(Curve curve, bool logarithmic) =>
        [.. curve.Epochs.Select(epoch => logarithmic ? Math.Log10(epoch) : epoch)];

    /// <summary>One of the two plots.</summary>
    /// <param name="Title">The title of its vertical axis.</param>
    /// <param name="LinesOf">The lines of a model, by its name.</param>
    /// <param name="Transform">Applied to each run's figure before the mean is taken.</param>
    private sealed record Panel(string Title, Func<string, Line[]> LinesOf, Func<double, double> Transform)
    {
        /// <summary>What the axis does not go below.</summary>
        public double Lowest { get; init; } = double.NegativeInfinity;

        /// <summary>What the axis does not go above.</summary>
        public double Highest { get; init; } = double.PositiveInfinity;

        /// <summary>
        /// Whether <see cref="Transform"/> takes the decimal logarithm of what the title names, which the axis then shows.
        /// </summary>
        public bool IsLogarithm { get; init; }
    }

    /// <summary>One line in a plot.</summary>
    /// <param name="Label">What stands at its end.</param>
    /// <param name="Figure">What it shows of a run, by epoch.</param>
    private sealed record Line(string Label, Func<RunRecord, double[]> Figure);
}
