using System.Globalization;
using MathNet.Numerics.Statistics;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// Colours of values of both signs: blue for negative, vermilion for positive ones, and the page for 0, through which it shows
/// the more the nearer to 0 a value is. Values that are not numbers are grey.
/// </summary>
internal sealed class DivergingScale
{
    private const double CommonShare = 0.995, LargestOutlier = 1.5;
    private const int BarSteps = 128;

    /// <summary>
    /// Makes a scale on which values can be told apart, in spite of a few that are much larger than all others.
    /// </summary>
    /// <param name="values">The values.</param>
    public DivergingScale(IEnumerable<float> values)
    {
        double[] sizes = [.. values.Where(float.IsFinite).Select(value => (double)Math.Abs(value)).DefaultIfEmpty(0)];
        double common = sizes.Quantile(CommonShare), largest = sizes.Max();
        IsClipped = largest > LargestOutlier * common && common > 0;
        Limit = IsClipped ? common : largest > 0 ? largest : 1;
    }

    /// <summary>The size of the values that have the full colour.</summary>
    public double Limit { get; }

    /// <summary>Whether there are values beyond <see cref="Limit"/>, which have the full colour, too.</summary>
    public bool IsClipped { get; }

    /// <summary>The colour of a value.</summary>
    public SKColor ColorOf(double value)
    {
        if (double.IsNaN(value))
            return SKColor.Parse(FigureColor.Faint.Light);
        FigureColor color = FigureColor.Series[value < 0 ? 0 : 1];
        return SKColor.Parse(color.Light).WithAlpha((byte)Math.Round(255 * Math.Min(Math.Abs(value) / Limit, 1)));
    }

    /// <summary>Draws an upright bar of the colours with the numbers of both ends and of 0 at its right.</summary>
    public void DrawBar(SKCanvas canvas, SKRect place)
    {
        SKColor[] steps = [.. Enumerable.Range(0, BarSteps).Select(i => ColorOf(Limit * (1 - 2.0 * i / (BarSteps - 1))))];
        PixelPicture.Draw(canvas, steps, 1, place);
        using var line = new SKPaint
        {
            Color = SKColor.Parse(FigureColor.Faint.Light),
            IsStroke = true,
            StrokeWidth = 1,
            IsAntialias = true
        };
        canvas.DrawRect(place, line);
        const float Gap = 6, HalfLetter = 6;
        string limit = FigureStyle.TickLabel(
            double.Parse(Limit.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        FigureText.Draw(canvas, IsClipped ? $"≥ {limit}" : limit, place.Right + Gap, place.Top + HalfLetter);
        FigureText.Draw(canvas, "0", place.Right + Gap, place.MidY);
        FigureText.Draw(canvas, IsClipped ? $"≤ −{limit}" : $"−{limit}", place.Right + Gap, place.Bottom - HalfLetter);
    }
}
