using IlgpuDistance.Training.Figures;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// μ and α of every class: maps with a row for each class and a column for each input of the layer. Where the inputs are the
/// pixels themselves each class has an image instead.
/// </summary>
internal static class PrototypesFigure
{
    private const int HeadingHeight = 34, RowHeight = 22, TicksHeight = 30, MostTicks = 8;
    private const int LongestRow = 10, ImageSpace = 8, LabelHeight = 22;
    private const float LeftMargin = 72, BarWidth = 14, BarSpace = 16, RightMargin = 90, TickLength = 4;
    private const int LeastBarHeight = 76;

    private const float Width = FigureStyle.Width - LeftMargin - RightMargin;

    /// <summary>Draws it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prototypes">Its prototypes.</param>
    public static Figure Draw(ModelAnalysis model, PrototypeAnalysis prototypes)
    {
        Prototype[] classes = prototypes.Classes;
        int inputs = classes[0].Mu.Length;
        bool areImages = prototypes.Layer.Index == 0 && inputs == prototypes.ImageHeight * prototypes.ImageWidth;
        int rows = (classes.Length + LongestRow - 1) / LongestRow;
        float size = (Width - (LongestRow - 1) * ImageSpace) / LongestRow;
        float imageHeight = size * prototypes.ImageHeight / prototypes.ImageWidth;
        int height = HeadingHeight + (int)Math.Ceiling(areImages
            ? rows * (imageHeight + LabelHeight)
            : Math.Max(LeastBarHeight, classes.Length * RowHeight) + TicksHeight);
        return new Figure(
            FigureNames.Of("prototypes", model), $"Maps of μ and α of each class of {model.Name}", FigureStyle.Width,
            FigureTitle.Height + 2 * height, canvas =>
            {
                FigureTitle.Draw(canvas, model.Name, LeftMargin);
                DrawPart(canvas, FigureTitle.Height, "prototypes μ", prototype => prototype.Mu);
                // From where they began, or what they have in common would hide in what they differ.
                DrawPart(canvas, FigureTitle.Height + height, "α − 1, the weights from their initial value",
                    prototype => [.. prototype.Alpha.Select(alpha => alpha - 1)]);
            });

        void DrawPart(SKCanvas canvas, int top, string title, Func<Prototype, float[]> values)
        {
            var scale = new DivergingScale(classes.SelectMany(values));
            string form = areImages ? "an image of the inputs for each class" : "a row for each class, a column for each input";
            FigureText.Draw(canvas, $"{title}: {form}", LeftMargin, top + HeadingHeight / 2f);
            top += HeadingHeight;
            if (areImages)
                DrawImages(canvas, top, size, imageHeight, prototypes, values, scale);
            else
                DrawMap(canvas, top, classes, values, scale);
            float barHeight = areImages ? imageHeight : Math.Max(LeastBarHeight, classes.Length * RowHeight);
            scale.DrawBar(canvas, SKRect.Create(LeftMargin + Width + BarSpace, top, BarWidth, barHeight));
        }
    }

    private static void DrawMap(SKCanvas canvas, int top, Prototype[] classes, Func<Prototype, float[]> values,
        DivergingScale scale)
    {
        int inputs = values(classes[0]).Length;
        SKColor[] pixels = [.. classes.SelectMany(values).Select(value => scale.ColorOf(value))];
        var place = SKRect.Create(LeftMargin, top, Width, classes.Length * RowHeight);
        PixelPicture.Draw(canvas, pixels, inputs, place);
        using var line = new SKPaint
        {
            Color = SKColor.Parse(FigureColor.Faint.Light),
            IsStroke = true,
            StrokeWidth = 1,
            IsAntialias = true
        };
        canvas.DrawRect(place, line);
        for (int row = 0; row < classes.Length; row++)
            FigureText.Draw(canvas, $"{classes[row].Class}", LeftMargin - 8, top + (row + 0.5f) * RowHeight, SKTextAlign.Right);
        int step = StepOf(inputs);
        for (int input = 0; input < inputs; input += step)
        {
            float x = LeftMargin + (input + 0.5f) * Width / inputs;
            canvas.DrawLine(x, place.Bottom, x, place.Bottom + TickLength, line);
            FigureText.Draw(canvas, $"{input}", x, place.Bottom + TickLength + 10, SKTextAlign.Center, FigureText.SmallSize);
        }
    }

    private static void DrawImages(
        SKCanvas canvas, int top, float width, float height, PrototypeAnalysis prototypes, Func<Prototype, float[]> values,
        DivergingScale scale)
    {
        using var line = new SKPaint
        {
            Color = SKColor.Parse(FigureColor.Grid.Light),
            IsStroke = true,
            StrokeWidth = 1,
            IsAntialias = true
        };
        for (int i = 0; i < prototypes.Classes.Length; i++)
        {
            Prototype prototype = prototypes.Classes[i];
            float left = LeftMargin + i % LongestRow * (width + ImageSpace), y = top + i / LongestRow * (height + LabelHeight);
            var place = SKRect.Create(left, y, width, height);
            PixelPicture.Draw(canvas, [.. values(prototype).Select(value => scale.ColorOf(value))], prototypes.ImageWidth, place);
            canvas.DrawRect(place, line);
            FigureText.Draw(canvas, $"{prototype.Class}", place.MidX, place.Bottom + LabelHeight / 2f, SKTextAlign.Center,
                FigureText.SmallSize);
        }
    }

    /// <summary>The inputs from one tick to the next: a power of two, so that few ticks have room.</summary>
    private static int StepOf(int inputs)
    {
        int step = 1;
        while (step * MostTicks < inputs)
            step *= 2;
        return step;
    }
}
