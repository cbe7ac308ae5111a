using CommandLine;
using IlgpuDistance.Bench.Machine;
using IlgpuDistance.Bench.Scaling;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Bench.Verbs;

[Verb("scaling",
    HelpText = "Time an epoch against width, depth, samples, pixels, density, batch and threads: does cost grow as work does?")]
internal sealed class ScalingVerb : BenchVerb
{
    [Option("factors", Separator = ',',
        HelpText = "What to vary: some of width, depth, samples, pixels, density, batch and threads. Default: all.")]
    public IEnumerable<string> Factors { get; set; } = [];

    [Option("seconds", Default = 2.0, HelpText = "How long to measure each value; long epochs take longer.")]
    public double Seconds { get; set; }

    [Option("plot", MetaValue = "FILE", HelpText = "Draw the table: a file that ends in .png or .svg.")]
    public string? Plot { get; set; }

    public override int Run()
    {
        var main = new ScalingCase();
        IReadOnlyList<ScalingFactor> factors = ScalingFactor.Named(Factors, main);
        if (!(Seconds is >= 0 and <= 600))
            throw new InputException($"--seconds {Seconds}: expected 0 to 600");
        CheckPlot();
        Report.Line(
            FormattableString.Invariant($"Main case: ReLU {main.Side * main.Side}→{main.Width}→10, {main.Samples:N0} ") +
            FormattableString.Invariant($"synthetic images to train on and {main.Samples / 6:N0} to test on, {main.Density} % ") +
            FormattableString.Invariant($"of their pixels not zero, full batch, {main.Threads} threads."));
        var peak = MachinePeaks.Measure(main.Threads);
        var points = new List<ScalingPoint>();
        using (var measurement = new ScalingMeasurement(main, Seconds))
        {
            foreach (ScalingFactor factor in factors)
            {
                foreach (int value in factor.Values)
                {
                    Report.Note($"{factor.Name} {value}");
                    points.Add(measurement.Measure(factor, value));
                    // What the last case held may be hundreds of megabytes.
                    GC.Collect();
                }
            }
        }
        MachinePeaks.Print(Report, [peak.MeasuredAgain()]);
        Report.Line("Relative cost: seconds × threads per useful operation, over the main case's, in turns: median (min–max).");
        Report.Table(
            1, ["Factor", "Value", "Useful GFLOP", "Epoch, s", "GFLOP/s useful", "Relative cost", "Why more than twice"],
            [.. points.Select(Row)]);
        WritePlot(points);
        return 0;
    }

    private static string[] Row(ScalingPoint point) =>
    [
        point.Factor.Name, Report.Number(point.Value, 0), Report.Number(point.Flop / 1e9, 3), Report.Number(point.Seconds, 4),
        Report.Number(point.Flop / point.Seconds / 1e9, 0),
        $"{Report.Number(point.Costs.Median, 2)} ({Report.Number(point.Costs.Min, 2)}–{Report.Number(point.Costs.Max, 2)})",
        point.IsDear ? point.Factor.Reason(point.Value) ?? "not known" : "",
    ];

    private bool IsSvg => Path.GetExtension(Plot) is ".svg";

    private void CheckPlot()
    {
        if (Plot is null)
            return;
        if (!IsSvg && Path.GetExtension(Plot) is not ".png")
            throw new InputException($"--plot {Plot}: expected a name that ends in .png or .svg");
        OutputFile.Check(new Setting("--plot"), Plot);
    }

    private void WritePlot(IReadOnlyCollection<ScalingPoint> points)
    {
        if (Plot is null)
            return;
        Figure figure = ScalingFigure.Draw(points);
        try
        {
            if (IsSvg)
                AtomicFile.WriteText(Plot, writer => writer.Write(figure.ToSvg()));
            else
                AtomicFile.Write(Plot, stream => stream.Write(figure.ToPng()));
        }
        catch (IOException error)
        {
            throw new InputException($"--plot: {error.Message}", error);
        }
        catch (TypeInitializationException error)
        {
            throw new InputException(
                $"--plot {Plot}: the drawing library cannot be loaded on this machine: {error.GetBaseException().Message}",
                error);
        }
    }
}
