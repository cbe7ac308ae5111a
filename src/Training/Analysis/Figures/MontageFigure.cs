using IlgpuDistance.Training.Figures;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// The images that the prototypes mean: a row for each class with the closest input that was found, the nearest and the farthest
/// images. Under each image stands its class, in colour where it is another one than the row's. A closest input that is too dark
/// to be seen is brightened, with the factor under it; one without ink is called black.
/// </summary>
internal static class MontageFigure
{
    private const int HeadingHeight = 40, NoteHeight = 26, LabelHeight = 20, RowSpace = 6;
    private const float LeftMargin = 60, RightMargin = 8, ImageSpace = 4, GroupSpace = 18;

    /// <summary>
    /// Grey values up to here cannot be told from black, and pictures that do not get beyond the second value are brightened.
    /// </summary>
    private const int Black = 8, Dim = 128;

    /// <summary>The closest input and two groups of images.</summary>
    private const int MostImages = 1 + 2 * PrototypeAnalysis.RankedImages;

    /// <summary>Draws it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prototypes">Its prototypes.</param>
    public static Figure Draw(ModelAnalysis model, PrototypeAnalysis prototypes)
    {
        const float Room =
            (FigureStyle.Width - LeftMargin - RightMargin - 2 * GroupSpace - (MostImages - 3) * ImageSpace) / MostImages;
        float width = PixelPicture.CrispSize(prototypes.ImageWidth, Room);
        float height = width * prototypes.ImageHeight / prototypes.ImageWidth;
        float rowHeight = height + LabelHeight + RowSpace;
        float group = PrototypeAnalysis.RankedImages * (width + ImageSpace) - ImageSpace;
        float nearest = LeftMargin + Math.Max(width, FigureText.WidthOf("closest")) + GroupSpace,
            farthest = nearest + group + GroupSpace;
        bool hasBlack = prototypes.Classes.Any(prototype => prototype.Closest.Pixels.Max() <= Black);
        const int Top = FigureTitle.Height + HeadingHeight;
        float bottom = Top + prototypes.Classes.Length * rowHeight;
        int total = (int)Math.Ceiling(bottom) + (hasBlack ? NoteHeight : 0);
        return new Figure(
            FigureNames.Of("montage", model),
            $"For each class of {model.Name} the closest input that was found, the nearest and the farthest images",
            FigureStyle.Width, total, canvas =>
            {
                FigureTitle.Draw(canvas, model.Name, LeftMargin);
                const float Middle = FigureTitle.Height + HeadingHeight / 2f;
                FigureText.Draw(canvas, "class", LeftMargin - GroupSpace, Middle, SKTextAlign.Right);
                FigureText.Draw(canvas, "closest", LeftMargin, Middle);
                FigureText.Draw(canvas, "nearest images, with their class", nearest, Middle);
                FigureText.Draw(canvas, "farthest images", farthest, Middle);
                var pictures = new Pictures(canvas, prototypes.ImageWidth, width, height);
                for (int row = 0; row < prototypes.Classes.Length; row++)
                {
                    Prototype prototype = prototypes.Classes[row];
                    float top = Top + row * rowHeight;
                    FigureText.Draw(canvas, $"{prototype.Class}", LeftMargin - GroupSpace, top + height / 2, SKTextAlign.Right);
                    pictures.DrawClosest(prototype.Closest.Pixels, top);
                    pictures.DrawGroup(prototype.Nearest, nearest, top, prototype.Class);
                    pictures.DrawGroup(prototype.Farthest, farthest, top, prototype.Class);
                }
                if (hasBlack)
                {
                    FigureText.Draw(
                        canvas, "black: the search ended at the image without ink, which is nearer to the prototype than " +
                            "all others", LeftMargin, bottom + NoteHeight / 2f,
                        size: FigureText.SmallSize);
                }
            });
    }

    /// <summary>Draws images with what stands under them.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="pixelsPerRow">Width of the images in pixels of theirs.</param>
    /// <param name="width">Their width on the canvas.</param>
    /// <param name="height">Their height on the canvas.</param>
    private readonly struct Pictures(SKCanvas canvas, int pixelsPerRow, float width, float height)
    {
        public void DrawClosest(byte[] pixels, float top)
        {
            int brightest = pixels.Max();
            bool isDim = brightest is > Black and < Dim;
            string factor = isDim ? FormattableString.Invariant($"× {255.0 / brightest:0.0}") : "";
            Draw(
                isDim ? [.. pixels.Select(pixel => (byte)(pixel * 255 / brightest))] : pixels, LeftMargin, top,
                brightest <= Black ? "black" : factor, FigureColor.Ink);
        }

        public void DrawGroup(RankedImage[] images, float left, float top, int label)
        {
            foreach (var (i, image) in images.Index())
            {
                Draw(
                    image.Pixels, left + i * (width + ImageSpace), top, $"{image.Label}",
                    image.Label == label ? FigureColor.Ink : FigureColor.Series[1]);
            }
        }

        private void Draw(byte[] pixels, float left, float top, string label, FigureColor color)
        {
            PixelPicture.DrawGrey(canvas, pixels, pixelsPerRow, SKRect.Create(left, top, width, height));
            FigureText.Draw(
                canvas, label, left + width / 2, top + height + LabelHeight / 2f, SKTextAlign.Center, FigureText.SmallSize,
                color);
        }
    }
}
