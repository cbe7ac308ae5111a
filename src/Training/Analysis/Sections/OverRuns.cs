using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>What the runs of a model have in common, and how tables write it.</summary>
internal static class OverRuns
{
    /// <summary>Summarises a figure over the runs that have it; null where none has.</summary>
    public static SampleSummary? Summary(ModelAnalysis model, Func<RunAnalysis, double?> figure)
    {
        double[] values = [.. model.Runs.Select(figure).OfType<double>().Where(double.IsFinite)];
        return values.Length == 0 ? null : SampleSummary.Of(values);
    }

    /// <summary>The figure as mean ± standard deviation.</summary>
    public static string Text(ModelAnalysis model, Func<RunAnalysis, double?> figure) =>
        Numbers.MeanAndDeviation(Summary(model, figure));

    /// <summary>
    /// The figure as mean ± standard deviation, with the number of runs that have it where some have none: a point that a curve
    /// never reaches.
    /// </summary>
    public static string TextOfSome(ModelAnalysis model, Func<RunAnalysis, double?> figure)
    {
        int having = model.Runs.Count(run => figure(run) is not null);
        return having == 0 ? "never"
            : having == model.Runs.Count ? Text(model, figure)
            : $"{Text(model, figure)} ({having} of {model.Runs.Count} runs)";
    }

    /// <summary>"train" or "test".</summary>
    public static string Name(Split split) => split == Split.Train ? "train" : "test";

    /// <summary>"training images" or "test images".</summary>
    public static string Images(Split split) => split == Split.Train ? "training images" : "test images";
}
