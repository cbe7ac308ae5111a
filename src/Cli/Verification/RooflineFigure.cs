using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Figures;
using ScottPlot;

namespace IlgpuDistance.Cli.Verification;

/// <summary>
/// Where each kernel or phase of the timed models stands below the roof of its device: FLOP/s over FLOP per byte, both
/// logarithmic.
/// </summary>
internal static class RooflineFigure
{
    private const int Height = 460;
    private const float DotSize = 9, LeftMargin = 84, RightMargin = 24, BottomMargin = 60;

    /// <summary>How far below the roof the axis reaches.</summary>
    private const double Decades = 3.2;

    /// <summary>Draws it.</summary>
    /// <returns>The figure; null where no work has both arithmetic and bytes.</returns>
    public static Figure? Draw(DeviceVerdict verdict, int number)
    {
        WorkTotal[] work =
        [
            .. verdict.Timings.SelectMany(timing => timing.Profile.Work).Where(one => one.Flop > 0 && one.Bytes > 0),
        ];
        if (verdict.Peaks is not { } peaks || work.Length == 0)
            return null;
        double ridge = Math.Log10(peaks.FlopPerSecond / peaks.BytesPerSecond), top = Math.Log10(peaks.FlopPerSecond / 1e9);
        double left = Math.Min(ridge - 1, work.Min(one => Math.Log10(one.Intensity!.Value)) - 0.2);
        double right = Math.Max(ridge + 1, work.Max(one => Math.Log10(one.Intensity!.Value)) + 0.2);
        Plot plot = FigureStyle.NewPlot("FLOP per byte", "GFLOP/s");
        plot.Axes.SetLimits(left, right, top - Decades, top + 0.3);
        plot.Axes.Bottom.TickGenerator = LogarithmicTicks.Between(left, right);
        plot.Axes.Left.TickGenerator = LogarithmicTicks.Between(top - Decades, top + 0.3);
        double atLeft = top - (ridge - left);
        plot.Add.Line(left, atLeft, ridge, top).LineStyle = Roof;
        plot.Add.Line(ridge, top, right, top).LineStyle = Roof;
        Dots.Add(
            plot, work.Select(one => (Math.Log10(one.Intensity!.Value), Math.Log10(one.FlopPerSecond / 1e9))),
            FigureColor.Series[0], DotSize, opacity: 0.8);
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, BottomMargin, 8));
        return new Figure(
            $"roofline-{number}", $"Work of {verdict.Selector} below its roof", FigureStyle.Width, FigureTitle.Height + Height,
            canvas =>
            {
                FigureTitle.Draw(canvas, verdict.Selector, LeftMargin);
                FigureStyle.Render(
                    plot, canvas, new PixelRect(0, FigureStyle.Width, FigureTitle.Height + Height, FigureTitle.Height));
            });
    }

    private static LineStyle Roof => new(2, FigureColor.Ink, FigureStyle.GuideLine.Pattern);
}
