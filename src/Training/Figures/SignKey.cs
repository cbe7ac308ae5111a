using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>What the signs of a figure mean, in a line above the plot.</summary>
internal static class SignKey
{
    /// <summary>Height of the line.</summary>
    public const int Height = 34;

    private const float Width = 22, Gap = 8, Space = 28;

    /// <summary>Draws the key.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="left">Its left end.</param>
    /// <param name="top">Its upper end.</param>
    /// <param name="signs">The signs.</param>
    public static void Draw(SKCanvas canvas, float left, float top, params IEnumerable<Sign> signs)
    {
        const float Middle = Height / 2f;
        using Paint paint = Paint.NewDisposablePaint();
        float x = left;
        foreach (Sign sign in signs)
        {
            sign.Draw(canvas, paint, new Pixel(x + Width / 2, top + Middle));
            FigureText.Draw(canvas, sign.Text, x + Width + Gap, top + Middle);
            x += Width + Gap + FigureText.WidthOf(sign.Text) + Space;
        }
    }

    /// <summary>A sign and its meaning.</summary>
    /// <param name="Text">What it means.</param>
    /// <param name="Draw">Draws it about a point.</param>
    internal sealed record Sign(string Text, Action<SKCanvas, Paint, Pixel> Draw)
    {
        /// <summary>A marker.</summary>
        public static Sign OfMarker(string text, MarkerStyle style) =>
            new(text, (canvas, paint, at) => Drawing.DrawMarker(canvas, paint, at, style));

        /// <summary>A point as <see cref="Dots"/> draws them, a little larger.</summary>
        public static Sign OfDot(string text, FigureColor color) =>
            OfMarker(text, new MarkerStyle(MarkerShape.FilledCircle, 7, color));

        /// <summary>The upright line of a mean or median.</summary>
        public static Sign OfMiddle(string text) =>
            new(text, (canvas, paint, at) => DrawUpright(canvas, paint, at, 10, ModelRows.MiddleLine));

        /// <summary>The box from the lower to the upper quartile.</summary>
        public static Sign OfBox(string text) => new(text, (canvas, paint, at) =>
        {
            var box = new PixelRect(at.X - Width / 2, at.X + Width / 2, at.Y + 8, at.Y - 8);
            LineStyle line = ModelRows.BoxLine(FigureColor.Faint);
            Drawing.FillRectangle(canvas, box, paint, new FillStyle { Color = ModelRows.BoxFill(FigureColor.Faint) });
            Drawing.DrawRectangle(canvas, box, paint, line);
            DrawUpright(canvas, paint, new Pixel(at.X + 3, at.Y), 8, line);
        });

        /// <summary>A line, e.g. one that data should lie on.</summary>
        public static Sign OfLine(string text, LineStyle style) => new(text, (canvas, paint, at) =>
            Drawing.DrawLine(canvas, paint, new PixelLine(at.X - Width / 2, at.Y, at.X + Width / 2, at.Y), style));

        /// <summary>A marker with a line through it, from the lower to the upper end of an interval.</summary>
        public static Sign OfInterval(string text, MarkerStyle marker, LineStyle line) => new(text, (canvas, paint, at) =>
        {
            OfLine(text, line).Draw(canvas, paint, at);
            Drawing.DrawMarker(canvas, paint, at, marker);
        });

        private static void DrawUpright(SKCanvas canvas, Paint paint, Pixel at, float half, LineStyle style) =>
            Drawing.DrawLine(canvas, paint, new PixelLine(at.X, at.Y - half, at.X, at.Y + half), style);
    }
}
