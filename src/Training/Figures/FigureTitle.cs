using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>The name of the model that a figure shows, above it: a figure may be taken out of its report.</summary>
internal static class FigureTitle
{
    /// <summary>Height of the line.</summary>
    public const int Height = 32;

    /// <summary>Size of the letters.</summary>
    public const float Size = 18;

    /// <summary>Longer names do not fit into the width of a figure.</summary>
    private const int Longest = 90;

    /// <summary>Draws it at the top of a figure.</summary>
    public static void Draw(SKCanvas canvas, string model, float left) =>
        FigureText.Draw(canvas, FigureLabels.Short(model, Longest), left, Height / 2f, size: Size);
}
