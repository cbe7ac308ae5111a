using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Reports.Published;

/// <summary>The test accuracies of one model beside one published figure.</summary>
internal sealed record PublishedComparison
{
    /// <summary>The means differ where a two-sided test finds this probability or less.</summary>
    public const double Significance = 1 - Interval.Confidence;

    /// <summary>The model's runs.</summary>
    public required ModelRecords Model { get; init; }

    /// <summary>The published figure.</summary>
    public required PublishedFigure Published { get; init; }

    /// <summary>Welch's test of ours minus published; null where they are not compared.</summary>
    public TTestResult? Test { get; init; }

    /// <summary>Why they are not compared; null where they are.</summary>
    public string? WhyNot { get; init; }

    /// <summary>What a reader must know about the comparison; empty where there is nothing.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Whether the runs are compatible with the published figure; null where they are not compared.</summary>
    public bool? IsCompatible => Test is null ? null : Test.P > Significance;

    /// <summary>
    /// Compares each model that has finished runs with each figure that was published for it, unless the experiment's protocol,
    /// its number of epochs or the network is another one, or one run leaves nothing to test.
    /// </summary>
    public static IReadOnlyList<PublishedComparison> Of(ExperimentRecords records)
    {
        ExperimentDescription experiment = records.Description;
        bool IsPublishedProtocol(ModelRecords model) => PaperProtocol.DeviationsOf(experiment, model.Model).Count == 0;
        return
        [
            // Variants are meant to differ from what was published; those that do not are compared with it.
            .. records.FinishedModels.Where(model => model.Model.Varied is null
                    || IsPublishedProtocol(model) && PaperProtocol.Epochs.Contains(experiment.EpochsOf(model.Model)))
                .SelectMany(
                    model => PublishedFigures.Of(model.Model.Title),
                    (model, published) =>
                        Compare(model, published, experiment.EpochsOf(model.Model), IsPublishedProtocol(model))),
        ];
    }

    private static PublishedComparison Compare(
        ModelRecords model, PublishedFigure published, int epochs, bool isPublishedProtocol)
    {
        bool isSameNetwork = PaperProtocol.IsPaperModel(model.Model, out OffsetL2Form? form);
        string? whyNot = !isPublishedProtocol ? "another protocol"
            : !isSameNetwork ? "another network"
            : !published.Column.Epochs.Contains(epochs) ? $"published for {published.Column.EpochsInWords}"
            : !model.TestAccuracy!.HasSpread ? "one run"
            : null;
        return new PublishedComparison
        {
            Model = model,
            Published = published,
            WhyNot = whyNot,
            Test = whyNot is null ? TTest.Welch(model.TestAccuracy!, published.TestAccuracy) : null,
            Remark = form is OffsetL2Form.Paper ? "ours in the paper form" : "",
        };
    }
}
