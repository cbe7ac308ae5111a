using IlgpuDistance.Training.Experiments.Reports.Document;
using IlgpuDistance.Training.Experiments.Reports.Records;
using IlgpuDistance.Training.Experiments.Statistics;

namespace IlgpuDistance.Training.Experiments.Reports.Sections;

/// <summary>Tests between all pairs of models.</summary>
internal static class DifferencesSection
{
    /// <summary>Writes the section; null where there are no two models to compare.</summary>
    public static ReportSection? Of(ExperimentRecords records)
    {
        IReadOnlyList<PairwiseTests> pairs = PairwiseTests.Of(records);
        if (pairs.Count == 0)
            return null;
        const string Title = "Differences between models";
        if (pairs.All(pair => pair.Pooled is null))
            return new ReportSection("differences", Title, [new ReportParagraph("One run of each model: there is nothing to test.")]);
        return new ReportSection("differences", Title,
        [
            new ReportParagraph(
                "The paired test compares runs of the same number, which begin with the same random numbers; the pooled test is the " +
                "one that the paper used, and assumes equal variances; Welch's test assumes neither. The probabilities are two-sided " +
                "and corrected by Holm's method over all pairs, for each kind of test by itself."),
            new ReportTable(
                "differences",
                "Differences of the mean test accuracy in points, first model minus second: t with its degrees of freedom and the " +
                "corrected p of each test, and Cohen's d.",
                [
                    new("first", IsText: true), new("second", IsText: true), new("difference"),
                    new("paired t (df)"), new("paired p"), new("pooled t (df)"), new("pooled p"),
                    new("Welch t (df)"), new("Welch p"), new("d"),
                ],
                [.. pairs.Select(Row)]),
        ]);
    }

    private static string[] Row(PairwiseTests pair) =>
    [
        pair.First.Name, pair.Second.Name, Numbers.Signed(pair.First.TestAccuracy!.Mean - pair.Second.TestAccuracy!.Mean),
        InWords(pair.Paired), Numbers.Probability(pair.Corrected.Paired),
        InWords(pair.Pooled), Numbers.Probability(pair.Corrected.Pooled),
        InWords(pair.Welch), Numbers.Probability(pair.Corrected.Welch),
        Numbers.Plain(pair.CohenD),
    ];

    private static string InWords(TTestResult? test) =>
        test is null || double.IsNaN(test.T) ? Numbers.None : $"{Numbers.Plain(test.T)} ({Numbers.Degrees(test.Degrees)})";
}
