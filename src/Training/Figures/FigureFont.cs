using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>
/// The font of every figure. It comes with the program, so that figures look the same on every machine, also on one
/// without fonts; see the folder Font.
/// </summary>
internal sealed class FigureFont : IFontResolver
{
    /// <summary>Its family name, as SVG files refer to it.</summary>
    public const string Name = "Roboto";

    private static readonly SKTypeface Typeface = SKTypeface.FromData(SKData.CreateCopy(ReadFile()));

    /// <summary>The font as a rule of CSS that carries the file with it.</summary>
    public static string CssRule { get; } =
        $"@font-face{{font-family:{Name};src:url(data:font/ttf;base64,{Convert.ToBase64String(ReadFile())})}}";

    /// <summary>Gives every weight and slant of the font the one that there is.</summary>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, bold: false, italic: false);

    /// <inheritdoc cref="CreateTypeface(string, FontWeight, FontSlant, FontSpacing)"/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Typeface : null;

    private static byte[] ReadFile()
    {
        using Stream stream = typeof(FigureFont).Assembly.GetManifestResourceStream("figures.ttf")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
