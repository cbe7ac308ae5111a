using IlgpuDistance.Gpu.Networks;
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
        bool isPublishedProtocol = PaperProtocol.DeviationsOf(records.Description).Count == 0;
        return
        [
            .. records.FinishedModels.SelectMany(
                model => PublishedFigures.Of(model.Name),
                (model, published) => Compare(model, published, records.Description.Epochs, isPublishedProtocol)),
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
