using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Figures;
using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// Where the label's output stands among those of the same image: a bar for each model, divided by place, from the images whose
/// label has the smallest output to those whose label has the largest.
/// </summary>
internal static class OutputOrderFigure
{
    private const double BarHalf = 0.3;
    private const float KeyWidth = 110, KeyHeight = 12, KeyGap = 8;

    /// <summary>Draws it.</summary>
    /// <param name="record">The analyses.</param>
    /// <param name="split">The images.</param>
    /// <returns>The figure; null where there are no places on these images.</returns>
    public static Figure? Draw(AnalysisRecord record, Split split)
    {
        var models = record.Models.Select(model => (model.Name, Shares: SharesOf(model, split)))
            .Where(model => model.Shares.Length > 0)
            .ToArray();
        if (models.Length == 0)
            return null;

        int height = ModelRows.HeightOf(models.Length);
        return new Figure(
            FigureNames.Of("output-order", split),
            $"For each model the shares of the {FigureNames.InWords(split)} images by the place of their label's output " +
                $"among all of the image",
            FigureStyle.Width, height, canvas =>
            {
                Plot plot = ModelRows.NewPlot("images, %", [.. models.Select(model => model.Name)]);
                for (int row = 0; row < models.Length; row++)
                    AddBar(plot, models[row].Shares, -row);
                plot.Axes.SetLimitsX(0, 100);
                PixelRect data = ModelRows.Render(plot, canvas, height);
                DrawKey(canvas, data.Left);
            });
    }

    /// <summary>The share of the images at each place, in percent, as a mean over the runs.</summary>
    private static double[] SharesOf(ModelAnalysis model, Split split)
    {
        OutputOrder[] orders = [.. model.Runs.SelectMany(run => run.OutputOrders.Where(order => order.Split == split))];
        int places = orders.Select(order => order.Images.Length).FirstOrDefault();
        return [.. Enumerable.Range(0, places).Select(place => 100 * orders.Average(order => order.ShareAt(place)))];
    }

    private static void AddBar(Plot plot, double[] shares, double y)
    {
        double left = 0;
        for (int place = 0; place < shares.Length; left += shares[place++])
        {
            if (shares[place] == 0)
                continue;
            var part = plot.Add.Rectangle(left, left + shares[place], y - BarHalf, y + BarHalf);
            SKColor color = ColorAt((double)place / (shares.Length - 1));
            part.FillColor = new Color(color.Red, color.Green, color.Blue, color.Alpha);
            part.LineStyle = new LineStyle(0.5f, FigureColor.Faint);
        }
        // An outline, because the middle places have the colour of the page.
        var outline = plot.Add.Rectangle(0, 100, y - BarHalf, y + BarHalf);
        outline.FillColor = Colors.Transparent;
        outline.LineStyle = new LineStyle(1, FigureColor.Faint);
    }

    /// <summary>The colour of a place between 0, the smallest, and 1, the largest.</summary>
    private static SKColor ColorAt(double place) => Scale.ColorOf(2 * place - 1);

    private static DivergingScale Scale { get; } = new([-1, 1]);

    private static void DrawKey(SKCanvas canvas, float left)
    {
        const float Middle = SignKey.Height / 2f;
        const string Smallest = "the label's output is the smallest of its image", Largest = "the largest";
        FigureText.Draw(canvas, Smallest, left, Middle);
        float x = left + FigureText.WidthOf(Smallest) + KeyGap;
        SKColor[] colors = [.. Enumerable.Range(0, (int)KeyWidth).Select(i => ColorAt(i / (KeyWidth - 1.0)))];
        var place = new SKRect(x, Middle - KeyHeight / 2, x + KeyWidth, Middle + KeyHeight / 2);
        PixelPicture.Draw(canvas, colors, colors.Length, place);
        using var line = new SKPaint
        {
            Color = SKColor.Parse(FigureColor.Faint.Light),
            IsStroke = true,
            StrokeWidth = 1,
            IsAntialias = true
        };
        canvas.DrawRect(place, line);
        FigureText.Draw(canvas, Largest, x + KeyWidth + KeyGap, Middle);
    }
}
