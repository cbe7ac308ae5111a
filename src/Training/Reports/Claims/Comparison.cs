using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Claims;

/// <summary>
/// Decides conditions by confidence intervals: a condition about a difference holds if the whole 95 % interval (Welch's)
/// satisfies it, does not hold if the whole interval contradicts it, and is not decided in between.
/// </summary>
/// <param name="records">The experiment.</param>
internal sealed class Comparison(ExperimentRecords records)
{
    /// <summary>The first model's mean test accuracy is more than a number of points above the second's.</summary>
    public Condition IsAbove(string first, string second, double points) => Difference(
        first, second, $"{first} is more than {Points(points)} above {second}",
        interval => interval.Low > points, interval => interval.High < points);

    /// <summary>The first model's mean test accuracy is no more than a number of points above the second's.</summary>
    public Condition IsNotAbove(string first, string second, double points) => Difference(
        first, second, $"{second} loses less than {Points(points)} to {first}",
        interval => interval.High < points, interval => interval.Low > points);

    /// <summary>The mean test accuracies of two models differ, in either direction, by more than a number of points.</summary>
    public Condition AreApart(string first, string second, double points) => Difference(
        first, second, $"{first} and {second} are more than {Points(points)} apart",
        interval => IsOutside(interval, points), interval => IsInside(interval, points));

    /// <summary>The mean test accuracies of two models differ by less than a number of points.</summary>
    public Condition AreTogether(string first, string second, double points) => Difference(
        first, second, $"{first} and {second} are less than {Points(points)} apart",
        interval => IsInside(interval, points), interval => IsOutside(interval, points));

    /// <summary>The standard deviation of the first model's test accuracy is more than a number of times the second's.</summary>
    public Condition Scatters(string first, string second, double times)
    {
        string statement = $"the standard deviation of {first} is more than {times} times that of {second}";
        if (Missing(statement, first, second) is { } missing)
            return missing;
        SampleSummary a = records.Find(first)!.TestAccuracy!, b = records.Find(second)!.TestAccuracy!;
        string figures = $"{Figures(first)}, {Figures(second)}";
        if (SpreadRatio.Of(a, b) is not { } ratio)
            return Undecided(statement, figures, a, b);
        Verdict verdict = ratio.RatioInterval.Low > times ? Verdict.Holds
            : ratio.RatioInterval.High < times ? Verdict.DoesNotHold
            : Verdict.NotDecided;
        string published = PublishedPair(first, second) is var (p, q)
            ? $"; published: {Numbers.Plain(p.TestAccuracy.StandardDeviation / q.TestAccuracy.StandardDeviation)} " +
                $"({p.Column.Name})"
            : "";
        return new Condition(statement, verdict,
            $"{figures}: ratio {Numbers.Plain(ratio.Ratio)}, " +
            $"95 % interval {Numbers.Range(ratio.RatioInterval)} (F, for normal values){published}");
    }

    private static string Points(double points) => FormattableString.Invariant($"{points} {(points == 1 ? "point" : "points")}");

    private static bool IsInside(Interval interval, double points) => interval.Low > -points && interval.High < points;

    private static bool IsOutside(Interval interval, double points) => interval.Low > points || interval.High < -points;

    private Condition Difference(
        string first, string second, string statement, Predicate<Interval> holds, Predicate<Interval> fails)
    {
        if (Missing(statement, first, second) is { } missing)
            return missing;
        SampleSummary a = records.Find(first)!.TestAccuracy!, b = records.Find(second)!.TestAccuracy!;
        string figures = $"{Figures(first)}, {Figures(second)}: difference {Numbers.Signed(a.Mean - b.Mean)}";
        if (TTest.Welch(a, b) is not { } test)
            return Undecided(statement, figures, a, b);
        Interval interval = test.DifferenceInterval.Within(-100, 100);
        Verdict verdict = holds(interval) ? Verdict.Holds : fails(interval) ? Verdict.DoesNotHold : Verdict.NotDecided;
        string published = PublishedPair(first, second) is var (p, q)
            ? $"; published: {Numbers.Signed(p.TestAccuracy.Mean - q.TestAccuracy.Mean)} ({p.Column.Name})"
            : "";
        return new Condition(statement, verdict, $"{figures}, 95 % interval {Numbers.SignedRange(interval)}{published}");
    }

    /// <summary>A condition whose models have no finished run; null where both have one.</summary>
    private Condition? Missing(string statement, params string[] models)
    {
        var reasons = models.Where(model => records.Find(model) is null).ToLookup(
            model => records.Models.Any(known => known.Name == model) ? "no finished run" : "not part of this experiment");
        return reasons.Count == 0 ? null : new Condition(statement, Verdict.NotDecided,
            string.Join("; ", reasons.Select(reason => $"{reason.Key}: {Numbers.List(reason)}")));
    }

    private static Condition Undecided(string statement, string figures, SampleSummary a, SampleSummary b)
    {
        string reason = a.HasSpread && b.HasSpread
            ? "neither model scatters at all"
            : "one run of a model says nothing about its scatter";
        return new Condition(statement, Verdict.NotDecided, $"{figures}; {reason}");
    }

    private string Figures(string model)
    {
        SampleSummary sample = records.Find(model)!.TestAccuracy!;
        return $"{model} {Numbers.MeanAndDeviation(sample)} ({Numbers.Of(sample.Count, "run")})";
    }

    /// <summary>Published figures of two models from one column: that of the experiment's epochs if there is one.</summary>
    private (PublishedFigure First, PublishedFigure Second)? PublishedPair(string first, string second)
    {
        foreach (int epochs in PaperProtocol.Epochs.OrderByDescending(epochs => epochs == records.Description.Epochs))
        {
            if (PublishedFigures.Of(first, epochs) is { } a && PublishedFigures.Of(second, epochs) is { } b)
                return (a, b);
        }
        return null;
    }
}
