using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>What sentences say of an experiment whose models need not all be trained alike.</summary>
internal static class ExperimentText
{
    /// <summary>The number of epochs: "500 epochs", "100 to 500 epochs".</summary>
    public static string EpochsOf(ExperimentDescription experiment) =>
        Numbers.Of(experiment.EpochCounts[0], experiment.EpochCounts[^1], "epoch");

    /// <summary>The data: "digits", "digits and MNIST".</summary>
    public static string DataOf(ExperimentDescription experiment) => Numbers.List(experiment.DataNames);

    /// <summary>What a figure or table says that has no place for all models; empty where it shows all.</summary>
    /// <param name="shown">The models that it shows.</param>
    /// <param name="all">The models of which a run is finished.</param>
    public static string Shown(int shown, int all) =>
        shown == all ? "" : $" Only the {shown} best of {Numbers.Of(all, "model")} are shown; summary.csv has all.";
}
