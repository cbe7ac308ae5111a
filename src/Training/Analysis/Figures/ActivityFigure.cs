using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// For how many images nodes are active: for each model its nodes, those of all its runs, from the least active to the most
/// active one. Dead nodes lie on 0 at the left. Nodes of hidden layers are in one panel, those of outputs in another.
/// </summary>
internal static class ActivityFigure
{
    /// <summary>No more steps than this can be seen.</summary>
    private const int MostSteps = 400;

    /// <summary>Draws it.</summary>
    /// <param name="record">The analyses.</param>
    /// <param name="split">The images.</param>
    /// <returns>The figure; null where no model has an activation layer that was analysed on these images.</returns>
    public static Figure? Draw(AnalysisRecord record, Split split)
    {
        LinePanel[] panels =
        [
            .. new[] { PanelOf(record, split, isHidden: true), PanelOf(record, split, isHidden: false) }.Where(
                panel => panel.Lines.Count > 0),
        ];
        return panels.Length == 0 ? null : LinePanel.Draw(
            record, FigureNames.Of("activity", split),
            $"Percentage of the {FigureNames.InWords(split)} images for which each node is active, nodes in ascending order",
            panels);
    }

    private static LinePanel PanelOf(AnalysisRecord record, Split split, bool isHidden)
    {
        LinePanel.Line? LineOf(ModelAnalysis model)
        {
            double[] shares =
            [
                .. model.Runs.SelectMany(run => run.Activity)
                    .Where(activity => activity.Split == split && activity.Layer.IsHidden == isHidden)
                    .SelectMany(activity => activity.ActiveSamples.Select(active => 100.0 * active / activity.Samples)),
            ];
            if (shares.Length == 0)
                return null;
            // A step for each node, as there can be few.
            double[] steps = Dots.Thin(shares, MostSteps);
            double[] xs = [.. steps.SelectMany((_, i) => new[] { 100.0 * i / steps.Length, 100.0 * (i + 1) / steps.Length })];
            return new LinePanel.Line(model.Name, xs, [.. steps.SelectMany(share => new[] { share, share })]);
        }

        return new LinePanel(
            isHidden ? "nodes of hidden layers" : "nodes of output layers", "nodes, %, the least active first",
            "active for images, %",
            [.. record.Models.Select(LineOf).OfType<LinePanel.Line>()]);
    }
}
