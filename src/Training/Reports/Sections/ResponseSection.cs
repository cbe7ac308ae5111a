using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Figures;
using IlgpuDistance.Training.Reports.Sweeps;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>What a sweep found: the accuracy over the values that were varied, and the best of them.</summary>
internal static class ResponseSection
{
    private const int MostLines = 12, MostMaps = 6, MostRows = 30, MostNamed = 12;

    /// <summary>Writes the section; null where nothing was varied.</summary>
    public static ReportSection? Of(ExperimentRecords records)
    {
        if (Factors.Of(records) is not { All.Count: > 0 } factors)
            return null;
        Factors.Variant[] finished = [.. factors.Variants.Where(variant => variant.Records.Finished.Count > 0)];
        if (finished.Length == 0)
            return null;
        Factors.Variant[] ranked = [.. finished.OrderByDescending(variant => variant.Records.TestAccuracy!.Mean)];
        IReadOnlyList<PairwiseTests> tests =
            PairwiseTests.OfFirst([.. ranked.Select(variant => variant.Records)]);
        return new ReportSection("response", "The response",
        [
            .. FiguresOf(factors, records.Description.FewestTests),
            .. Templates(factors),
            new ReportParagraph(BestOf(factors, ranked, tests)),
            Table(factors, ranked, tests),
            .. BestOfModels(factors, ranked),
        ]);
    }

    private static IEnumerable<ReportBlock> FiguresOf(Factors factors, int testCount)
    {
        int[] numbers = [.. factors.All.Index().Where(factor => factor.Item.Numbers is not null).Select(factor => factor.Index)];
        int CombinationsWithout(params int[] except) =>
            factors.Variants.Select(variant => ResponseCurves.LabelOf(factors, variant, except)).Distinct().Count();
        // Two words have a map as two numbers have, and one word points as one number.
        int[] axes = numbers.Length == 0 && factors.All.Count <= 2 ? [.. Enumerable.Range(0, factors.All.Count)] : numbers;
        if (axes.Length == 1 && CombinationsWithout(axes[0]) <= MostLines)
        {
            yield return new ReportFigure(
                ResponseCurves.Draw(factors, axes[0], testCount),
                $"Test accuracy over {factors.All[axes[0]].Title}: every run, the mean, and its 95 % interval (t), which " +
                "may reach beyond the axis. Points of different lines stand beside each other where they have the same value." +
                Scale);
        }
        else if (axes.Length == 2 && CombinationsWithout(axes[0], axes[1]) <= MostMaps)
        {
            int[] across = [.. axes.OrderByDescending(number => factors.All[number].Levels.Count)];
            yield return new ReportFigure(
                ResponseMap.Draw(factors, across[0], across[1], testCount),
                $"Mean test accuracy in percent over {factors.All[across[0]].Title} and {factors.All[across[1]].Title}, with " +
                "the standard deviation where there is room; the darker the better, the best framed. \"div.\" are runs that " +
                "diverged.");
        }
        if (factors.All.Count > 2 || numbers.Length == 0 && factors.All.Count > 1)
        {
            yield return new ReportFigure(
                MainEffects.Draw(factors, testCount),
                "What each factor does by itself: for each of its values the mean over all variants that have it, and the best " +
                "of them, which shows what can be had with the value when the others are chosen well." + Scale);
        }
    }

    private static string Scale => " The axis is logarithmic in the error, 100 − accuracy, where the accuracies differ much.";

    /// <summary>What the letters stand for.</summary>
    private static IEnumerable<ReportBlock> Templates(Factors factors)
    {
        var texts = factors.All.Where(factor => factor.Template is not null).GroupBy(factor => factor.Template!).Select(
            part => $"{Numbers.List(part.Select(factor => factor.Name))} in {part.Key}").ToArray();
        if (texts.Length > 0)
            yield return new ReportParagraph($"Letters stand for what differs: {string.Join("; ", texts)}.{PaperNames(factors)}");
    }

    /// <summary>The models that other tables call by their name in the paper; empty where there are none.</summary>
    private static string PaperNames(Factors factors)
    {
        string[] named = [.. factors.Variants.Select(variant => variant.Records.Model)
            .Where(model => model.Title != model.Network && factors.All.Any(factor => factor is { Template: not null }))
            .Select(model => $"{model.Title} is {model.Network}").Distinct()];
        return named.Length == 0 ? "" : $" In other tables {Numbers.List(named)}.";
    }

    private static string BestOf(Factors factors, Factors.Variant[] ranked, IReadOnlyList<PairwiseTests> tests)
    {
        ModelRecords best = ranked[0].Records;
        string figures = $"The best mean has {factors.LabelOf(ranked[0])}: {Numbers.MeanAndDeviation(best.TestAccuracy)} %" +
            (best.TestAccuracyInterval is { } interval ? $", 95 % interval {Numbers.Range(interval)}" : "") +
            $" ({Numbers.Of(best.Finished.Count, "run")}).";
        if (ranked.Length == 1)
            return figures;
        if (tests.All(test => test.Welch is null))
        {
            return ranked.All(variant => variant.Records.Finished.Count == 1)
                ? $"{figures} One run of each variant does not tell which of them is better."
                : $"{figures} Runs that do not scatter, or single ones, do not tell which variant is better.";
        }
        Factors.Variant[] alike =
            [.. ranked.Skip(1).Zip(tests).Where(pair => !IsToldApart(pair.Second)).Select(pair => pair.First)];
        string which = alike.Length == 0
            ? "All others can be told from it"
            : $"{Numbers.Of(alike.Length, "other variant")} of {ranked.Length - 1} cannot be told from it" +
                (alike.Length <= MostNamed ? $" ({string.Join("; ", alike.Select(factors.LabelOf))})" : "");
        return $"{figures} {which}: Welch's test, corrected by Holm's method over the comparisons with the best, at 5 %. The " +
            "best was chosen by these runs, so that other runs of it are to be expected a little below.";
    }

    private static bool IsToldApart(PairwiseTests test) => test.Corrected.Welch <= Significance;

    private const double Significance = 1 - Interval.Confidence;

    private static ReportTable Table(Factors factors, Factors.Variant[] ranked, IReadOnlyList<PairwiseTests> tests)
    {
        string rest = ranked.Length > MostRows
            ? $" Only the first {MostRows} of {ranked.Length} are shown; summary.csv has all."
            : "";
        return new ReportTable(
            "response",
            "The variants by their mean test accuracy in percent: standard deviation, 95 % interval of the mean, and the " +
            "difference of the best to each in points with its interval (Welch) and the corrected p of both tests; last those " +
            "all of whose runs diverged." + rest,
            [
                new("variant", IsText: true), new("runs"), new("diverged"), new("mean"), new("sd"), new("95 % interval"),
                new("below the best"), new("its 95 % interval"), new("paired p"), new("Welch p"),
            ],
            [
                .. ranked.Take(MostRows).Select((variant, i) => Row(factors, variant, i == 0 ? null : tests[i - 1])),
                .. factors.Variants.Where(variant => variant.Records is { Finished.Count: 0, Diverged.Count: > 0 }).Take(MostRows)
                    .Select(variant => Row(factors, variant, null)),
            ]);
    }

    private static string[] Row(Factors factors, Factors.Variant variant, PairwiseTests? test)
    {
        ModelRecords records = variant.Records;
        SampleSummary? accuracy = records.TestAccuracy;
        return
        [
            factors.LabelOf(variant), Numbers.Count(records.Finished.Count), Numbers.Count(records.Diverged.Count),
            Numbers.Plain(accuracy?.Mean), Numbers.Plain(accuracy?.StandardDeviation),
            Numbers.Range(records.TestAccuracyInterval),
            test is null ? "" : Numbers.Plain(test.First.TestAccuracy!.Mean - accuracy!.Mean),
            test is null ? "" : Numbers.Range(test.Welch?.DifferenceInterval.Within(-100, 100)),
            test is null ? "" : Numbers.Probability(test.Corrected.Paired),
            test is null ? "" : Numbers.Probability(test.Corrected.Welch),
        ];
    }

    /// <summary>The best variant of each model, where there are several.</summary>
    private static IEnumerable<ReportBlock> BestOfModels(Factors factors, Factors.Variant[] ranked)
    {
        int model = factors.All.ToList().FindIndex(factor => factor is { Name: Factors.ModelName, Template: null });
        if (model < 0 || factors.All.Count < 2)
            yield break;
        yield return new ReportTable(
            "response-models", "The best variant of each model; test accuracy in percent.",
            [
                new("model", IsText: true), new("best values", IsText: true), new("runs"), new("mean"), new("sd"),
                new("95 % interval"),
            ],
            [.. ranked.GroupBy(variant => variant.Levels[model]).Select(group => group.First()).Select(variant => (string[])
            [
                variant.Levels[model], ResponseCurves.LabelOf(factors, variant, model),
                Numbers.Count(variant.Records.Finished.Count), Numbers.Plain(variant.Records.TestAccuracy!.Mean),
                Numbers.Plain(variant.Records.TestAccuracy.StandardDeviation),
                Numbers.Range(variant.Records.TestAccuracyInterval),
            ])]);
    }
}
