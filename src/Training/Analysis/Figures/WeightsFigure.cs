using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Figures;
using ScottPlot;
using SkiaSharp;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// The distributions of parameters: a panel for each position in the network and role, and in it for each model that has such
/// a tensor the density of its values in all runs. The axis of densities is logarithmic, as tails matter.
/// </summary>
internal static class WeightsFigure
{
    private const int HeadingHeight = 26, PlotHeight = 250, KeySpace = 6;
    private const float PanelWidth = FigureStyle.Width / 2f, LeftMargin = 84, RightMargin = 12, BottomMargin = 30;

    /// <summary>What lies outside of this share of values is not shown at either end.</summary>
    private const double TailShare = 0.0005;

    /// <summary>Densities less than this times the largest one are not shown.</summary>
    private const double LeastDensity = 1e-4;

    private static readonly string[] Positions = ["first", "second", "third", "fourth"];

    /// <summary>Draws it.</summary>
    /// <returns>The figure; null where no model has values that are finite.</returns>
    public static Figure? Draw(AnalysisRecord record)
    {
        var panels = record.Models.SelectMany(TensorsOf)
            .GroupBy(tensor => (tensor.Layer, tensor.Values.Role)).OrderBy(panel => panel.Key).ToArray();
        if (panels.Length == 0)
            return null;

        IReadOnlyDictionary<string, SeriesStyle> styles = SeriesStyle.Of(record.Models.Select(model => model.Name));
        HashSet<string> drawn = [.. panels.SelectMany(panel => panel.Select(tensor => tensor.Model))];
        string[] models = [.. record.Models.Select(model => model.Name).Where(drawn.Contains)];
        const float KeyWidth = FigureStyle.Width - LeftMargin - RightMargin;
        const int Height = HeadingHeight + PlotHeight;
        int keyHeight = LineKey.HeightOf(models, KeyWidth) + 2 * KeySpace;
        return new Figure(
            "weights", "Densities of the values of each parameter tensor, a line for each model",
            FigureStyle.Width, keyHeight + (panels.Length + 1) / 2 * Height, canvas =>
            {
                LineKey.Draw(canvas, LeftMargin, KeySpace, KeyWidth, [.. models.Select(model => (model, styles[model]))]);
                for (int i = 0; i < panels.Length; i++)
                {
                    float left = i % 2 * PanelWidth, top = keyHeight + i / 2 * Height;
                    FigureText.Draw(canvas, TitleOf(panels[i].Key.Layer, panels[i].Key.Role), left + LeftMargin,
                        top + HeadingHeight / 2f);
                    var place = new PixelRect(left, left + PanelWidth, top + Height, top + HeadingHeight);
                    DrawPanel(canvas, place, [.. panels[i].Select(tensor => (new Density(tensor.Values), styles[tensor.Model]))]);
                }
            });
    }

    /// <summary>
    /// The tensors of a model, all runs together, with their layer's number among those with parameters, from 0.
    /// </summary>
    private static IEnumerable<(string Model, int Layer, WeightDistribution Values)> TensorsOf(ModelAnalysis model)
    {
        var tensors = model.Runs.SelectMany(run => run.Weights).Where(tensor => tensor.Counts.Any(count => count > 0))
            .GroupBy(tensor => tensor.Tensor).ToArray();
        static int IndexOf(string tensor) => int.Parse(tensor.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
        int[] layers = [.. tensors.Select(tensor => IndexOf(tensor.Key)).Distinct().Order()];
        return tensors.Select(tensor =>
            (model.Name, Array.IndexOf(layers, IndexOf(tensor.Key)), WeightDistribution.Merge([.. tensor])));
    }

    private static string TitleOf(int layer, ParameterRole role)
    {
        string position = layer < Positions.Length
            ? $"{Positions[layer]} layer"
            : FormattableString.Invariant($"layer {layer + 1}");
        return $"{position} with parameters: {TensorDescription.TitleOf(role)}";
    }

    private static void DrawPanel(SKCanvas canvas, PixelRect place, (Density Density, SeriesStyle Style)[] lines)
    {
        double highest = Math.Log10(lines.Max(line => line.Density.Highest));
        double low = lines.Min(line => line.Density.Quantile(TailShare)),
            high = lines.Max(line => line.Density.Quantile(1 - TailShare));
        double lowest = Math.Max(highest + Math.Log10(LeastDensity),
            Math.Log10(lines.Min(line => line.Density.LowestBetween(low, high))));
        double margin = Math.Max(0.05 * (highest - lowest), 0.1);
        Plot plot = FigureStyle.NewPlot("", "density");
        foreach (var (density, style) in lines)
        {
            var (xs, ys) = density.Outline();
            // Empty bins have no logarithm; their line runs below the axis.
            FigureStyle.AddLine(plot, xs, [.. ys.Select(y => y > 0 ? Math.Log10(y) : lowest - 10 * margin)], style);
        }
        double side = 0.02 * (high - low);
        plot.Axes.SetLimits(low - side, high + side, lowest - margin, highest + margin);
        plot.Axes.Left.TickGenerator = LogarithmicTicks.Between(lowest - margin, highest + margin);
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, BottomMargin, 2));
        FigureStyle.Render(plot, canvas, place);
    }
}
