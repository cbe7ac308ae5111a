using IlgpuDistance.Training.Figures;
using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>A plot of percentages over percentages with a line for each model; several share one key above them.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="XTitle">The title of its horizontal axis.</param>
/// <param name="YTitle">The title of its vertical axis.</param>
/// <param name="Lines">The lines.</param>
internal sealed record LinePanel(string Heading, string XTitle, string YTitle, IReadOnlyList<LinePanel.Line> Lines)
{
    private const int PlotHeight = 310, HeadingHeight = 30, KeySpace = 6;
    private const float LeftMargin = 72, RightMargin = 20, BottomMargin = 58;

    /// <summary>Draws panels one above the other.</summary>
    /// <param name="record">The analyses, whose models decide the styles of lines.</param>
    /// <param name="name">The figure's name.</param>
    /// <param name="alternative">What it shows.</param>
    /// <param name="panels">The panels; each model has the same style in all of them.</param>
    public static Figure Draw(AnalysisRecord record, string name, string alternative, IReadOnlyList<LinePanel> panels)
    {
        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(record.Models.Select(model => model.Name));
        string[] models = [.. record.Models.Select(model => model.Name).Where(model => panels.Any(panel => panel.Has(model)))];
        const float KeyWidth = FigureStyle.Width - LeftMargin - RightMargin;
        int keyHeight = LineKey.HeightOf(models, KeyWidth) + KeySpace;
        const int PanelHeight = HeadingHeight + PlotHeight;
        return new Figure(name, alternative, FigureStyle.Width, keyHeight + panels.Count * PanelHeight, canvas =>
        {
            LineKey.Draw(canvas, LeftMargin, KeySpace, KeyWidth, [.. models.Select(model => (model, styles[model]))]);
            for (int i = 0; i < panels.Count; i++)
                panels[i].Draw(canvas, keyHeight + i * PanelHeight, styles);
        });
    }

    private bool Has(string model) => Lines.Any(line => line.Model == model);

    private void Draw(SKCanvas canvas, int top, IReadOnlyDictionary<string, SeriesStyle> styles)
    {
        Plot plot = FigureStyle.NewPlot(XTitle, YTitle);
        foreach (Line line in Lines.Where(line => line.Deviations is not null))
            FigureStyle.AddBand(plot, line.Xs, line.Ys, line.Deviations!, styles[line.Model]);
        foreach (Line line in Lines)
            FigureStyle.AddLine(plot, line.Xs, line.Ys, styles[line.Model]);
        // Room for lines that run along 0 or 100.
        plot.Axes.SetLimits(-0.5, 100.5, -2, 102);
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, BottomMargin, 2));
        int plotTop = top + HeadingHeight;
        FigureStyle.Render(plot, canvas, new PixelRect(0, FigureStyle.Width, plotTop + PlotHeight, plotTop));
        FigureText.Draw(canvas, Heading, LeftMargin, top + HeadingHeight / 2f);
    }

    /// <summary>The line of a model.</summary>
    /// <param name="Model">Its name.</param>
    /// <param name="Xs">Where its points are on the horizontal axis.</param>
    /// <param name="Ys">Where they are on the vertical one.</param>
    /// <param name="Deviations">Half the height of a band around each of them; NaN or null where there is none.</param>
    internal sealed record Line(string Model, double[] Xs, double[] Ys, double[]? Deviations = null);
}
