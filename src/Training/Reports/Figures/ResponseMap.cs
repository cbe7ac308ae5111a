using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Sweeps;
using IlgpuDistance.Training.Words;
using SkiaSharp;

namespace IlgpuDistance.Training.Reports.Figures;

/// <summary>
/// The mean test accuracy over two things that were varied: a map for each combination of the other factors, in which every cell
/// has its value, the darker the better, and the best of all a frame.
/// </summary>
internal static class ResponseMap
{
    private const int MostCellWidth = 96, CellHeight = 44, TitleHeight = 34, AxisHeight = 60, Gap = 6, TitleGap = 16;
    private const float LeastWidthOfNumbers = 38, LeastWidthOfSpreads = 62, TopLabel = 26;
    private const double Faintest = 0.05, DarkFrom = 0.55;

    /// <summary>Draws the maps.</summary>
    /// <param name="factors">The sweep.</param>
    /// <param name="across">The place of the factor whose values are the columns.</param>
    /// <param name="down">The place of the factor whose values are the rows.</param>
    /// <param name="testCount">The number of images behind an accuracy.</param>
    public static Figure Draw(Factors factors, int across, int down, int testCount)
    {
        Factor columns = factors.All[across], rows = factors.All[down];
        var maps = factors.Variants.GroupBy(variant => ResponseCurves.LabelOf(factors, variant, across, down)).ToArray();
        double[] means = [.. factors.Variants.Select(variant => variant.Records.TestAccuracy?.Mean).OfType<double>()];
        var axis = new AccuracyAxis(means, testCount);
        double lowest = axis.Position(means.Min()), range = Math.Max(axis.Position(means.Max()) - lowest, 1e-9);
        double best = means.Max();

        FigureLabels rowLabels = new(rows.Levels), columnLabels = new(columns.Levels);
        var titleLabels = new FigureLabels(maps.Select(map => map.Key));
        string[] names = [.. rows.Levels.Select(level => rowLabels[level])];
        float left = FigureText.WidthOf(rows.Name) + FigureStyle.WidestOf(names) + 40;
        float cell = Math.Min(MostCellWidth, (FigureStyle.Width - left - 20) / columns.Levels.Count);
        int title = maps.Length > 1 ? TitleHeight : 12;
        // As many numbers as have room beside each other; of words all, upright where they have none.
        int step = (int)Math.Ceiling((columnLabels.Widest + 8) / cell);
        bool isUpright = step > 1 && columns.Numbers is null;
        float topLabel = TopLabel + (isUpright ? FactorAxis.ExtraHeightOf(columnLabels.Widest) : 0);
        int mapHeight = title + rows.Levels.Count * CellHeight + AxisHeight + (int)(topLabel - TopLabel);
        float titles = maps.Max(map => FigureText.WidthOf(titleLabels[map.Key], FigureTitle.Size));
        float mapWidth = left + Math.Max(columns.Levels.Count * cell, titles) + 20;
        int beside = Math.Max(1, (int)(FigureStyle.Width / mapWidth));
        return new Figure(
            $"response-{across}-{down}", $"Mean test accuracy over {columns.Title} and {rows.Title}", FigureStyle.Width,
            (maps.Length + beside - 1) / beside * mapHeight, canvas =>
            {
                foreach (var (place, map) in maps.Index())
                {
                    canvas.Save();
                    canvas.Translate(place % beside * mapWidth, place / beside * mapHeight);
                    if (maps.Length > 1)
                        FigureTitle.Draw(canvas, titleLabels[map.Key], left);
                    DrawMap(canvas, map, title);
                    canvas.Restore();
                }
            });

        void DrawMap(SKCanvas canvas, IEnumerable<Factors.Variant> map, float top)
        {
            foreach (Factors.Variant variant in map)
            {
                int column = columns.Levels.ToList().IndexOf(variant.Levels[across]);
                int row = rows.Levels.ToList().IndexOf(variant.Levels[down]);
                // Up is more, as on an axis.
                float y = top + (rows.Levels.Count - 1 - row) * CellHeight;
                float x = left + column * cell;
                DrawCell(canvas, variant.Records, new SKRect(x, y, x + cell, y + CellHeight));
            }
            for (int row = 0; row < names.Length; row++)
            {
                float middle = top + (rows.Levels.Count - 0.5f - row) * CellHeight;
                FigureText.Draw(canvas, names[row], left - Gap, middle, SKTextAlign.Right);
            }
            FigureText.Draw(canvas, rows.Name, Gap, top + rows.Levels.Count * CellHeight / 2f);
            float below = top + rows.Levels.Count * CellHeight;
            for (int column = 0; column < columns.Levels.Count; column += isUpright ? 1 : step)
                DrawColumnName(canvas, columnLabels[columns.Levels[column]], left + (column + 0.5f) * cell, below + TopLabel / 2);
            FigureText.Draw(
                canvas, columns.Name, left + columns.Levels.Count * cell / 2, below + topLabel + TitleGap, SKTextAlign.Center);
        }

        void DrawColumnName(SKCanvas canvas, string name, float x, float y)
        {
            if (!isUpright)
            {
                FigureText.Draw(canvas, name, x, y, SKTextAlign.Center);
                return;
            }
            canvas.Save();
            canvas.RotateDegrees(FactorAxis.Upright, x, y);
            FigureText.Draw(canvas, name, x, y, SKTextAlign.Right);
            canvas.Restore();
        }

        void DrawCell(SKCanvas canvas, ModelRecords records, SKRect place)
        {
            var inner = SKRect.Inflate(place, -1, -1);
            double? mean = records.TestAccuracy?.Mean;
            double share = mean is null ? 0 : Faintest + (1 - Faintest) * (axis.Position(mean.Value) - lowest) / range;
            using var fill = new SKPaint { IsAntialias = true };
            fill.Color = mean is null
                ? SKColor.Parse(FigureColor.Grid.Light)
                : SKColor.Parse(FigureColor.Series[0].Light).WithAlpha((byte)Math.Round(255 * share));
            canvas.DrawRect(inner, fill);
            if (mean == best)
            {
                using var frame = new SKPaint
                {
                    Color = SKColor.Parse(FigureColor.Ink.Light),
                    IsStroke = true,
                    StrokeWidth = 2.5f,
                    IsAntialias = true
                };
                canvas.DrawRect(inner, frame);
            }
            if (cell < LeastWidthOfNumbers)
                return;
            FigureColor ink = share > DarkFrom ? FigureColor.Paper : FigureColor.Ink;
            int diverged = records.Diverged.Count;
            string under = diverged > 0 ? (mean is null ? "" : $"{diverged} div.")
                : records.TestAccuracy is { HasSpread: true } sample && cell >= LeastWidthOfSpreads
                    ? $"± {Numbers.Plain(sample.StandardDeviation)}"
                    : "";
            string text = mean is null ? (diverged > 0 ? "div." : Numbers.None) : Numbers.Plain(mean);
            float middle = inner.MidY - (under.Length > 0 ? 8 : 0);
            FigureText.Draw(canvas, text, inner.MidX, middle, SKTextAlign.Center, FigureText.SmallSize + 1, ink);
            if (under.Length > 0)
                FigureText.Draw(canvas, under, inner.MidX, middle + 17, SKTextAlign.Center, FigureText.SmallSize - 1, ink);
        }
    }
}
