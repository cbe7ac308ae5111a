using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>Pictures whose pixels are shown as squares: images of a data set and maps of values.</summary>
internal static class PixelPicture
{
    /// <summary>Draws pixels, first row first, each as a rectangle of one colour.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="pixels">[height · width] row-major.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="place">The rectangle that they fill.</param>
    public static void Draw(SKCanvas canvas, SKColor[] pixels, int width, SKRect place)
    {
        using var bitmap = new SKBitmap(
            width, pixels.Length / width, SKColorType.Rgba8888, SKAlphaType.Unpremul)
        { Pixels = pixels };
        bitmap.SetImmutable();
        using SKImage image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>Draws grey values, 0 as black and 255 as white.</summary>
    public static void DrawGrey(SKCanvas canvas, byte[] pixels, int width, SKRect place)
    {
        using SKImage image = SKImage.FromPixelCopy(new SKImageInfo(width, pixels.Length / width, SKColorType.Gray8), pixels);
        canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>
    /// The size at which an image's pixels come out equal: the largest multiple of half its size, a whole number of pixels on
    /// displays of twice the resolution, that has room; for images larger than twice the room just the room.
    /// </summary>
    public static float CrispSize(int pixels, float room)
    {
        int halves = (int)(2 * room / pixels);
        return halves == 0 ? room : halves * pixels / 2f;
    }
}
