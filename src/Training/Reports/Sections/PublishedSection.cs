using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>Our figures beside the published ones.</summary>
internal static class PublishedSection
{
    /// <summary>Writes the section; null where nothing was published for any of the models.</summary>
    public static ReportSection? Of(ExperimentRecords records)
    {
        IReadOnlyList<PublishedComparison> comparisons = PublishedComparison.Of(records);
        if (comparisons.Count == 0)
            return null;
        return new ReportSection("published", "Beside the published figures",
        [
            new ReportList([.. comparisons.GroupBy(comparison => comparison.Published.Column).Select(Summary)]),
            Table(comparisons),
        ]);
    }

    /// <summary>How many models agree with a published column.</summary>
    private static string Summary(IGrouping<PublishedColumn, PublishedComparison> column)
    {
        string[] Models(bool isCompatible) =>
            [.. column.Where(comparison => comparison.IsCompatible == isCompatible).Select(comparison => comparison.Model.Name)];

        string[] compatible = Models(true), differing = Models(false);
        int compared = compatible.Length + differing.Length;
        string name = column.Key.Remark.Length == 0 ? column.Key.Name : $"{column.Key.Name} ({column.Key.Remark})";
        if (compared == 0)
            return $"{name}: not compared, {string.Join("; ", column.Select(comparison => comparison.WhyNot).Distinct())}.";
        return $"{name}: {compatible.Length} of {compared} compared models compatible" +
            (compatible.Length > 0 ? $" ({Numbers.List(compatible)})" : "") +
            (differing.Length > 0 ? $"; {Numbers.List(differing)} {(differing.Length == 1 ? "differs" : "differ")}." : ".");
    }

    private static ReportTable Table(IReadOnlyList<PublishedComparison> comparisons)
    {
        bool hasRemarks = comparisons.Any(comparison => Remarks(comparison).Length > 0);
        TableColumn[] columns =
        [
            new("model", IsText: true), new("published in", IsText: true), new("ours"), new("published"), new("difference"),
            new("95 % interval"), new("p"), new("verdict", IsText: true),
        ];
        return new ReportTable(
            "published",
            $"Test accuracy in percent beside the published mean ± standard deviation of {PublishedFigures.Runs} runs. The " +
                $"difference " +
            "is ours minus published; p is that of Welch's test, not corrected for the number of comparisons. Compatible means " +
            "p > 0.05: the interval of the difference, which says how sharp the comparison is, contains 0.",
            hasRemarks ? [.. columns, new TableColumn("remark", IsText: true, IsLong: true)] : columns,
            [.. comparisons.Select(comparison => Row(comparison, hasRemarks))])
        { Keys = 2 };
    }

    private static string[] Row(PublishedComparison comparison, bool hasRemarks)
    {
        string[] row =
        [
            comparison.Model.Name, comparison.Published.Column.Name, Numbers.MeanAndDeviation(comparison.Model.TestAccuracy),
            Numbers.MeanAndDeviation(comparison.Published.TestAccuracy), Numbers.Signed(comparison.Test?.Difference),
            Numbers.SignedRange(comparison.Test?.DifferenceInterval.Within(-100, 100)), Numbers.Probability(comparison.Test?.P),
            comparison.IsCompatible switch
            {
                true => "compatible",
                false => "differs",
                null => "not compared",
            },
        ];
        return hasRemarks ? [.. row, Remarks(comparison)] : row;
    }

    private static string Remarks(PublishedComparison comparison) =>
        string.Join("; ", new[] { comparison.WhyNot, comparison.Remark }.Where(text => !string.IsNullOrEmpty(text)));
}
