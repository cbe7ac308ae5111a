using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Reports.Published;

/// <summary>The test accuracies of one model beside one published figure.</summary>
internal sealed record PublishedComparison
{
    /// <summary>The means differ where a two-sided test finds this probability or less.</summary>
    public const double Significance = 1 - Interval.Confidence;

    /// <summary>
    /// Means of models that hardly scatter are the same where they are known to be no further apart than this, in points: less
    /// than what the paper calls no difference (0.7), and about as much as its contradicting columns differ by at least.
    /// </summary>
    public const double LeastMargin = 0.5;

    /// <summary>The model's runs.</summary>
    public required ModelRecords Model { get; init; }

    /// <summary>The published figure.</summary>
    public required PublishedFigure Published { get; init; }

    /// <summary>Welch's test of ours minus published; null where they are not compared.</summary>
    public TTestResult? Test { get; init; }

    /// <summary>
    /// The probability of <see cref="Test"/>, corrected by Holm's method over the models of the same column; NaN where there is
    /// no test.
    /// </summary>
    public double Corrected { get; init; } = double.NaN;

    /// <summary>Why they are not compared; null where they are.</summary>
    public string? WhyNot { get; init; }

    /// <summary>What a reader must know about the comparison; empty where there is nothing.</summary>
    public string Remark { get; init; } = "";

    /// <summary>
    /// How far apart the means may be to count as the same, in points: one deviation of the published runs where these scatter
    /// much.
    /// </summary>
    public double Margin => Math.Max(LeastMargin, Published.TestAccuracy.StandardDeviation);

    /// <summary>
    /// Whether ours is the published figure: it is not where the corrected test tells them apart, it is where the whole interval
    /// of the difference lies within the margin, and else that is not decided; null where they are not compared.
    /// </summary>
    public Verdict? Verdict =>
        Test is null ? null
        : Corrected <= Significance ? Documents.Verdict.DoesNotHold
        : IsWithinMargin(Test) ? Documents.Verdict.Holds
        : Documents.Verdict.NotDecided;

    /// <summary>
    /// The number of our runs that would decide it if means and deviations stay; null where not even
    /// <see cref="Statistics.RunsNeeded.Most"/> would, because the published mean itself is known no better.
    /// </summary>
    public int? RunsNeeded()
    {
        SampleSummary ours = Model.TestAccuracy!;
        // Holm's factor may be another one when all have more runs.
        double correction = Corrected / Test!.P;
        return Statistics.RunsNeeded.Of(ours.Count, runs =>
            TTest.Welch(ours with { Count = runs }, Published.TestAccuracy) is { } test
            && (test.P * correction <= Significance || IsWithinMargin(test)));
    }

    private bool IsWithinMargin(TTestResult test) =>
        test.DifferenceInterval.Low >= -Margin && test.DifferenceInterval.High <= Margin;

    /// <summary>
    /// Compares each model that has finished runs with each figure that was published for it, unless the experiment's protocol,
    /// its number of epochs or the network is another one, or one run leaves nothing to test.
    /// </summary>
    public static IReadOnlyList<PublishedComparison> Of(ExperimentRecords records)
    {
        ExperimentDescription experiment = records.Description;
        bool IsPublishedProtocol(ModelRecords model) => PaperProtocol.DeviationsOf(experiment, model.Model).Count == 0;
        PublishedComparison[] all =
        [
            // Variants are meant to differ from what was published; those that do not are compared with it.
            .. records.FinishedModels.Where(model => model.Model.Varied is null
                    || IsPublishedProtocol(model) && PaperProtocol.Epochs.Contains(experiment.EpochsOf(model.Model)))
                .SelectMany(
                    model => PublishedFigures.Of(model.Model.Title),
                    (model, published) =>
                        Compare(model, published, experiment.EpochsOf(model.Model), IsPublishedProtocol(model))),
        ];
        var corrected = all.GroupBy(comparison => comparison.Published.Column)
            .SelectMany(column => column.Zip(Holm.Adjust([.. column.Select(comparison => comparison.Test?.P ?? double.NaN)])))
            .ToDictionary(pair => (pair.First.Model, pair.First.Published), pair => pair.Second);
        return
        [
            .. all.Select(comparison => comparison with { Corrected = corrected[(comparison.Model, comparison.Published)] }),
        ];
    }

    private static PublishedComparison Compare(
        ModelRecords model, PublishedFigure published, int epochs, bool isPublishedProtocol)
    {
        bool isSameNetwork = PaperProtocol.IsPaperModel(model.Model, out OffsetL2Form? form);
        bool isOtherForm = form is OffsetL2Form.Paper;
        string? whyNot = !isPublishedProtocol ? "another protocol"
            : !isSameNetwork ? "another network"
            : !published.Column.Epochs.Contains(epochs) ? $"published for {published.Column.EpochsInWords}"
            : isOtherForm ? "published in the reference form"
            : !model.TestAccuracy!.HasSpread ? "one run"
            : null;
        return new PublishedComparison
        {
            Model = model,
            Published = published,
            WhyNot = whyNot,
            Test = whyNot is null ? TTest.Welch(model.TestAccuracy!, published.TestAccuracy) : null,
            Remark = isOtherForm ? "ours in the paper form" : "",
        };
    }
}
