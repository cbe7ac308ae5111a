using IlgpuDistance.Training.Words;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>Text of figures that is drawn outside plots: keys, headings, labels.</summary>
internal static class FigureText
{
    /// <summary>Size of the text under small pictures.</summary>
    public const float SmallSize = 13;

    /// <summary>Draws a line of text.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">The text.</param>
    /// <param name="x">The left end, the middle or the right end, as <paramref name="align"/> says.</param>
    /// <param name="middle">The height of the middle of capital letters.</param>
    /// <param name="align">What <paramref name="x"/> is.</param>
    /// <param name="size">Size of the letters.</param>
    /// <param name="color">Their colour; the ink's where none is given.</param>
    public static void Draw(
        SKCanvas canvas, string text, float x, float middle, SKTextAlign align = SKTextAlign.Left,
        float size = FigureStyle.FontSize, FigureColor? color = null)
    {
        using SKFont font = FigureStyle.NewFont(size);
        using var paint = new SKPaint { Color = SKColor.Parse((color ?? FigureColor.Ink).Light), IsAntialias = true };
        canvas.DrawText(VisibleText.OneLine(text), x, middle + font.Metrics.CapHeight / 2, align, font, paint);
    }

    /// <summary>The width of a line of text.</summary>
    public static float WidthOf(string text, float size = FigureStyle.FontSize)
    {
        using SKFont font = FigureStyle.NewFont(size);
        return font.MeasureText(VisibleText.OneLine(text));
    }
}
