using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Claims;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>Our figures beside the published ones.</summary>
internal static class PublishedSection
{
    private const string OneRun = "one run";

    /// <summary>Writes the section; null where nothing was published for any of the models.</summary>
    public static ReportSection? Of(ExperimentRecords records)
    {
        IReadOnlyList<PublishedComparison> comparisons = PublishedComparison.Of(records);
        if (comparisons.Count == 0)
            return null;
        var columns = comparisons.GroupBy(comparison => comparison.Published.Column).ToLookup(
            column => column.Any(comparison => comparison.Test is not null || comparison.WhyNot == OneRun));
        Finding[] findings = [.. columns[true].Select(column => Judge(column, records.Description))];
        string[] notCompared = [.. columns[false].Select(column => $"{NameOf(column.Key)}: not compared, " +
            $"{string.Join("; ", column.Select(comparison => comparison.WhyNot).Distinct())}.")];
        return new ReportSection("published", "Beside the published figures",
        [
            .. findings.Length > 0 ? [new ReportFindings(findings)] : Array.Empty<ReportBlock>(),
            .. notCompared.Length > 0 ? [new ReportList(notCompared)] : Array.Empty<ReportBlock>(),
            // A figure of other epochs beside one that is compared only takes room.
            Table([.. comparisons.Where(comparison => comparison.WhyNot is null
                || comparisons.All(other => other.Model != comparison.Model || other.WhyNot is not null))]),
        ]);
    }

    private static string NameOf(PublishedColumn column) =>
        column.Remark.Length == 0 ? column.Name : $"{column.Name} ({column.Remark})";

    /// <summary>Whether the figures of a column are those of our models: a condition for each verdict on some of them.</summary>
    private static Finding Judge(IGrouping<PublishedColumn, PublishedComparison> column, ExperimentDescription experiment)
    {
        PublishedComparison[] judged = [.. column.Where(comparison => comparison.WhyNot is null or OneRun)];
        string epochs = Numbers.List(judged.Select(comparison => experiment.EpochsOf(comparison.Model.Model)).Distinct()
            .Select(count => Numbers.Count(count)));
        return new Finding(
            $"{column.Key.Claim} after {epochs} epochs",
            [
                .. judged.GroupBy(comparison => comparison.Verdict ?? Verdict.NotDecided).OrderByDescending(group => group.Key)
                    .Select(group => ConditionOn([.. group], group.Key)),
            ]);
    }

    private static Condition ConditionOn(PublishedComparison[] models, Verdict verdict)
    {
        string statement =
            $"{Numbers.List(models.Select(model => model.Model.Name))} {(models.Length == 1 ? "is" : "are")} as published";
        string evidence = string.Join("; ", models.Where(model => model.Test is not null).Select(Evidence));
        string figures = evidence.Length == 0 ? "" : $"ours minus published, 95 % interval: {evidence}";
        return verdict == Verdict.NotDecided
            ? Condition.Open(statement, figures, models.Length == 1 ? Lack(models[0]) : string.Join("; ", models.GroupBy(Lack)
                .Select(lack => $"{Numbers.List(lack.Select(model => model.Model.Name))}: {lack.Key}")))
            : new Condition(statement, verdict, figures);
    }

    /// <summary>The figures behind a verdict on a model.</summary>
    private static string Evidence(PublishedComparison comparison)
    {
        Interval interval = comparison.Test!.DifferenceInterval.Within(-100, 100);
        string p = comparison.Verdict == Verdict.DoesNotHold ? $" (p {Numbers.Probability(comparison.Corrected)})" : "";
        return $"{comparison.Model.Name} {Numbers.SignedRange(interval)}{p}";
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
            "difference is ours minus published; p is that of Welch's test, corrected by Holm's method over the models of the " +
            "same column. A figure differs where p is 0.05 or less; it is confirmed where the whole interval lies within " +
            FormattableString.Invariant($"±{PublishedComparison.LeastMargin} points or, if that is more, ") +
            "one published standard deviation; else it is not decided.",
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
            Numbers.SignedRange(comparison.Test?.DifferenceInterval.Within(-100, 100)), Numbers.Probability(comparison.Corrected),
            comparison.Verdict switch
            {
                Verdict.Holds => "confirmed",
                Verdict.DoesNotHold => "differs",
                Verdict.NotDecided => "not decided",
                _ => "not compared",
            },
        ];
        return hasRemarks ? [.. row, Remarks(comparison)] : row;
    }

    private static string Remarks(PublishedComparison comparison) => string.Join("; ", new[]
    {
        comparison.WhyNot,
        comparison.Remark,
        comparison.Verdict == Verdict.NotDecided ? Lack(comparison) : null,
    }.Where(text => !string.IsNullOrEmpty(text)));

    private static string Lack(PublishedComparison comparison) =>
        comparison.Test is null ? Outstanding.Scatter
        : comparison.RunsNeeded() is { } runs ? Outstanding.Runs(runs)
        : $"no number of runs would decide it: the published mean is known to " +
            $"±{Numbers.Plain(HalfWidthOf(comparison.Published.TestAccuracy.MeanInterval!.Value))} only";

    private static double HalfWidthOf(Interval interval) => (interval.High - interval.Low) / 2;
}
