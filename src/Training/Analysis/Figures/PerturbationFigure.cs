using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>
/// The accuracy that is left when the first hidden layer's activations are clamped at a threshold, from below in one panel and
/// from above in the other: mean and standard deviation over runs.
/// </summary>
internal static class PerturbationFigure
{
    /// <summary>Draws it.</summary>
    /// <param name="record">The analyses.</param>
    /// <param name="split">The images.</param>
    /// <returns>The figure; null where no model has a hidden layer that was analysed on these images.</returns>
    public static Figure? Draw(AnalysisRecord record, Split split)
    {
        var models = record.Models
            .Select(model =>
                (model.Name, Runs: model.Runs.Select(run => FirstOf(run, split)).OfType<LayerPerturbation>().ToArray()))
            .Where(model => model.Runs.Length > 0).ToArray();
        if (models.Length == 0)
            return null;

        string words = FigureNames.InWords(split);
        string range = record.Range == PerturbationRange.Layer ? "the layer's activations" : "the activations of all layers";
        LinePanel PanelOf(string heading, Func<LayerPerturbation, int[]> correct) => new(
            heading, $"threshold t, % of the range of {range}", $"{words} accuracy, %",
            [.. models.Select(model => LineOf(model.Name, model.Runs, correct))]);

        return LinePanel.Draw(
            record, FigureNames.Of("perturbation", split),
            $"The {words} accuracy when activations of the first hidden layer are clamped at a threshold, from below and " +
                $"from above",
            [
                PanelOf("clamped from below: activations below t become t", run => run.CorrectFromBelow),
                PanelOf("clamped from above: activations above t become t", run => run.CorrectFromAbove),
            ]);
    }

    private static LayerPerturbation? FirstOf(RunAnalysis run, Split split) =>
        run.Perturbations.Where(perturbation => perturbation.Split == split).MinBy(perturbation => perturbation.Layer.Index);

    private static LinePanel.Line LineOf(string model, LayerPerturbation[] runs, Func<LayerPerturbation, int[]> correct)
    {
        SampleSummary[] points =
        [
            .. Enumerable.Range(0, LayerPerturbation.Steps)
                .Select(step => SampleSummary.Of([.. runs.Select(run => run.Accuracy(correct(run)[step]))])),
        ];
        return new LinePanel.Line(
            model, [.. points.Select((_, step) => 100.0 * step / (LayerPerturbation.Steps - 1))],
            [.. points.Select(point => point.Mean)], [.. points.Select(point => point.StandardDeviation)]);
    }
}
