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
        Verdict verdict = VerdictOn(ratio);
        string published = PublishedPair(first, second) is var (p, q)
            ? $"; published: {Numbers.Plain(p.TestAccuracy.StandardDeviation / q.TestAccuracy.StandardDeviation)} " +
                $"({p.Column.Name})"
            : "";
        return Decided(statement, verdict,
            $"{figures}: ratio {Numbers.Plain(ratio.Ratio)}, " +
            $"95 % interval {Numbers.Range(ratio.RatioInterval)} (F, for normal values){published}",
            a, b, (first, second) => VerdictOn(SpreadRatio.Of(first, second)!));

        Verdict VerdictOn(SpreadRatio found) => found.RatioInterval.Low > times ? Verdict.Holds
            : found.RatioInterval.High < times ? Verdict.DoesNotHold
            : Verdict.NotDecided;
    }

    /// <summary>
    /// The mean of one sample is more than a number of points above that of another, from another experiment. Where one of them
    /// is a single run it is taken to scatter as the other does, which serves for models that differ little.
    /// </summary>
    public static Condition AcrossExperiments(SampleSummary first, SampleSummary second, double points)
    {
        string statement = $"more than {Points(points)} above";
        string figures = $"{Figures(first)} and {Figures(second)}: difference {Numbers.Signed(first.Mean - second.Mean)}";
        if (Test(first, second) is not { } test)
            return Undecided(statement, figures, first, second);
        bool isSingle = !first.HasSpread || !second.HasSpread;
        Interval interval = IntervalOf(test);
        return Decided(statement, VerdictOn(interval),
            $"{figures}, 95 % interval {Numbers.SignedRange(interval)}" + (isSingle ? ", the single run scattering alike" : ""),
            Alike(first, second), Alike(second, first), (a, b) => VerdictOn(IntervalOf(Test(a, b)!)));

        Verdict VerdictOn(Interval found) =>
            found.Low > points ? Verdict.Holds : found.High < points ? Verdict.DoesNotHold : Verdict.NotDecided;

        static TTestResult? Test(SampleSummary a, SampleSummary b) => TTest.Welch(a, b) ?? TTest.Pooled(a, b);

        static SampleSummary Alike(SampleSummary sample, SampleSummary other) =>
            sample.HasSpread ? sample : sample with { StandardDeviation = other.StandardDeviation };
    }

    private static string Figures(SampleSummary sample) =>
        $"{Numbers.MeanAndDeviation(sample)} ({Numbers.Of(sample.Count, "run")})";

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
        Interval interval = IntervalOf(test);
        Verdict verdict = VerdictOn(interval);
        string published = PublishedPair(first, second) is var (p, q)
            ? $"; published: {Numbers.Signed(p.TestAccuracy.Mean - q.TestAccuracy.Mean)} ({p.Column.Name})"
            : "";
        return Decided(statement, verdict, $"{figures}, 95 % interval {Numbers.SignedRange(interval)}{published}",
            a, b, (first, second) => VerdictOn(IntervalOf(TTest.Welch(first, second)!)));

        Verdict VerdictOn(Interval found) =>
            holds(found) ? Verdict.Holds : fails(found) ? Verdict.DoesNotHold : Verdict.NotDecided;
    }

    private static Interval IntervalOf(TTestResult test) => test.DifferenceInterval.Within(-100, 100);

    /// <summary>A condition with its verdict and, where it is not decided, how many runs of both models it takes.</summary>
    private static Condition Decided(
        string statement, Verdict verdict, string evidence, SampleSummary first, SampleSummary second,
        Func<SampleSummary, SampleSummary, Verdict> decide)
    {
        if (verdict != Verdict.NotDecided)
            return new Condition(statement, verdict, evidence);
        int? needed = RunsNeeded.Of(Math.Min(first.Count, second.Count), runs => Verdict.NotDecided != decide(
            first with { Count = Math.Max(runs, first.Count) }, second with { Count = Math.Max(runs, second.Count) }));
        return Condition.Open(statement, evidence, Outstanding.Runs(needed, " of each"));
    }

    /// <summary>A condition whose models have no finished run; null where both have one.</summary>
    private Condition? Missing(string statement, params string[] models)
    {
        const string Foreign = "not part of this experiment";
        var reasons = models.Where(model => records.Find(model) is null).ToLookup(
            model => records.Models.Any(known => known.Name == model) ? "no finished run" : Foreign);
        if (reasons.Count == 0)
            return null;
        string lacks = string.Join("; ", reasons.Select(reason => $"{reason.Key}: {Numbers.List(reason)}"));
        return Condition.Open(statement, "", lacks) with { IsForeign = reasons.Contains(Foreign) };
    }

    private static Condition Undecided(string statement, string figures, SampleSummary a, SampleSummary b)
    {
        string reason = a.HasSpread && b.HasSpread
            ? "neither model scatters at all"
            : "one run of a model says nothing about its scatter";
        return Condition.Open(statement, figures, reason);
    }

    private string Figures(string model) => $"{model} {Figures(records.Find(model)!.TestAccuracy!)}";

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
