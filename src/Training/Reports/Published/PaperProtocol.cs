using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Published;

/// <summary>The protocol behind the published figures, and in what an experiment differs from it.</summary>
internal static class PaperProtocol
{
    private const int TrainCount = 60_000, TestCount = 10_000, Classes = 10;

    /// <summary>The numbers of epochs for which the paper has figures.</summary>
    public static IReadOnlyList<int> Epochs { get; } = [5_000, 50_000];

    /// <summary>
    /// Whether an experiment follows the published protocol for a number of epochs that the paper has figures for.
    /// </summary>
    public static bool IsFollowedBy(ExperimentDescription experiment) =>
        experiment.Models.All(model => Epochs.Contains(experiment.EpochsOf(model)) && DeviationsOf(experiment, model).Count == 0);

    /// <summary>
    /// In what an experiment differs from the published protocol in all of its models, the number of epochs aside: one phrase
    /// each, such as "digits instead of MNIST". Where there is anything, published figures do not say what to expect.
    /// </summary>
    public static IReadOnlyList<string> DeviationsOf(ExperimentDescription experiment) =>
        experiment.Models.Select(model => DeviationsOf(experiment, model)).Aggregate((all, more) => [.. all.Intersect(more)]);

    /// <summary>The same for one model.</summary>
    public static IReadOnlyList<string> DeviationsOf(ExperimentDescription experiment, ExperimentModel model)
    {
        var deviations = new List<string>();
        var data = experiment.DataOf(model);
        if (data.Name != "MNIST")
        {
            deviations.Add($"{data.Name} instead of MNIST");
        }
        else if ((data.TrainCount, data.TestCount) != (TrainCount, TestCount))
        {
            deviations.Add(
                $"{data.TrainCount:N0} training and {data.TestCount:N0} test images instead of {TrainCount:N0} and " +
                    $"{TestCount:N0}");
        }
        if ((data.Scale, data.Shift) != (1, 0))
            deviations.Add("scaled pixels instead of raw bytes");
        TrainingOptions options = experiment.TrainingOf(model).Options, published = new();
        if (options.LearningRate != published.LearningRate)
        {
            deviations.Add(
                $"learning rate {Numbers.Exact(options.LearningRate)} instead of {Numbers.Exact(published.LearningRate)}");
        }

        if (options.Optimizer != published.Optimizer)
            deviations.Add($"{options.Optimizer} instead of plain gradient descent");
        if (options.Schedule != published.Schedule)
            deviations.Add($"the {Settings.Schedule} {options.Schedule}");
        if (!options.RateFactors.Equals(published.RateFactors))
            deviations.Add($"{Settings.RateFactors} {options.RateFactors}");
        if (options.BatchSize < data.TrainCount)
            deviations.Add($"batches of {options.BatchSize} instead of one step per epoch over all images");
        if (experiment.TrainingOf(model).InitialModel is { } file)
            deviations.Add($"initial weights from {file} instead of random ones");
        return deviations;
    }

    /// <summary>
    /// Whether a model is the paper's of its name, in either form of OffsetL2; and if so, which form it has: null where it has no
    /// OffsetL2 layer.
    /// </summary>
    public static bool IsPaperModel(ExperimentModel model, out OffsetL2Form? form)
    {
        form = null;
        if (PaperModels.Find(model.Title) is not { } paper)
            return false;
        foreach (OffsetL2Form candidate in Enum.GetValues<OffsetL2Form>())
        {
            Network network = paper.Create(Classes, candidate);
            if (network.ToString() != model.Network)
                continue;
            form = network.Layers.OfType<OffsetL2>().FirstOrDefault()?.Form;
            return true;
        }
        return false;
    }
}
