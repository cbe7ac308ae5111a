using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>Tests between all pairs of models.</summary>
internal static class DifferencesSection
{
    /// <summary>The pairs of more models than this become a matrix.</summary>
    private const int MostModelsInPairs = 4;

    /// <summary>A matrix of more models is no longer read.</summary>
    private const int MostModelsInMatrix = 24;

    /// <summary>Writes the section; null where there are no two models to compare.</summary>
    public static ReportSection? Of(ExperimentRecords records)
    {
        int finished = records.FinishedModels.Count();
        records = records.Best(MostModelsInMatrix);
        IReadOnlyList<PairwiseTests> pairs = PairwiseTests.Of(records);
        if (pairs.Count == 0)
            return null;
        const string Title = "Differences between models";
        if (pairs.All(pair => pair.Pooled is null))
        {
            return new ReportSection("differences", Title,
                [new ReportParagraph(records.FinishedModels.All(model => model.Finished.Count == 1)
                    ? "One run of each model: there is nothing to test."
                    : "The runs of each model are the same: there is no scatter to test against.")]);
        }

        return new ReportSection("differences", Title,
        [
            new ReportParagraph(
                "The paired test compares runs of the same number, which begin with the same random numbers; the pooled " +
                    "test is the " +
                "one that the paper used, and assumes equal variances; Welch's test assumes neither. The probabilities are " +
                    "two-sided " +
                "and corrected by Holm's method over all pairs, for each kind of test by itself. A dash is where there is no " +
                "scatter to test against: a single run, or runs that differ by the same." +
                    ExperimentText.Shown(records.FinishedModels.Count(), finished)),
            .. Tables([.. records.FinishedModels], pairs),
        ]);
    }

    private static IEnumerable<ReportTable> Tables(ModelRecords[] models, IReadOnlyList<PairwiseTests> pairs)
    {
        if (models.Length <= MostModelsInPairs)
        {
            return
            [
                new ReportTable(
                    "differences",
                    "Differences of the mean test accuracy in points, first model minus second: t with its degrees of " +
                        "freedom and the " +
                    "corrected p of each test, and Cohen's d.",
                    [
                        new("first", IsText: true), new("second", IsText: true), new("difference"),
                        new("paired t (df)"), new("paired p"), new("pooled t (df)"), new("pooled p"),
                        new("Welch t (df)"), new("Welch p"), new("d"),
                    ],
                    [.. pairs.Select(Row)])
                { Keys = 2 },
            ];
        }
        return
        [
            Matrix(
                "differences",
                "Below the diagonal the differences of the mean test accuracy in points, model of the row minus model of " +
                    "the column, above it " +
                "the corrected p of Welch's test. differences.csv has t, degrees of freedom and Cohen's d of every pair.",
                models, pairs, pair => Numbers.Signed(Difference(pair) is var difference && difference == 0 ? 0 : -difference),
                pair => Numbers.ShortProbability(pair.Corrected.Welch)),
            Matrix(
                "differences-p", "The corrected p of the paired test below the diagonal, of the pooled one above it.",
                models, pairs, pair => Numbers.ShortProbability(pair.Corrected.Paired),
                pair => Numbers.ShortProbability(pair.Corrected.Pooled)),
        ];
    }

    /// <summary>A row and a column for each model; the first model of a pair is the one of the row above the diagonal.</summary>
    private static ReportTable Matrix(
        string name, string caption, ModelRecords[] models, IReadOnlyList<PairwiseTests> pairs, Func<PairwiseTests, string> below,
        Func<PairwiseTests, string> above)
    {
        string NameOf(int model) => FormattableString.Invariant($"{model + 1} {models[model].Name}");
        string Cell(int row, int column) =>
            row == column ? "" : row > column ? below(PairOf(column, row)) : above(PairOf(row, column));
        PairwiseTests PairOf(int first, int second) =>
            pairs.First(pair => pair.First == models[first] && pair.Second == models[second]);

        int[] all = [.. Enumerable.Range(0, models.Length)];
        return new ReportTable(
            name, caption,
            [new("model", IsText: true),
                .. all.Select(model => new TableColumn(FormattableString.Invariant($"{model + 1}")) { Label = NameOf(model) })],
            [.. all.Select(row => (string[])[NameOf(row), .. all.Select(column => Cell(row, column))])]);
    }

    private static double Difference(PairwiseTests pair) => pair.First.TestAccuracy!.Mean - pair.Second.TestAccuracy!.Mean;

    private static string[] Row(PairwiseTests pair) =>
    [
        pair.First.Name, pair.Second.Name, Numbers.Signed(Difference(pair)),
        InWords(pair.Paired), Numbers.Probability(pair.Corrected.Paired),
        InWords(pair.Pooled), Numbers.Probability(pair.Corrected.Pooled),
        InWords(pair.Welch), Numbers.Probability(pair.Corrected.Welch),
        Numbers.Plain(pair.CohenD),
    ];

    private static string InWords(TTestResult? test) =>
        test is null || double.IsNaN(test.T) ? Numbers.None : $"{Numbers.Plain(test.T)} ({Numbers.Degrees(test.Degrees)})";
}
