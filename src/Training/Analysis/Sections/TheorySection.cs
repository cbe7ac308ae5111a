using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>Whether distances have learned what theory expects.</summary>
internal static class TheorySection
{
    /// <summary>A correlation from here on is one between things that are the same up to noise.</summary>
    private const double Same = 0.9;

    /// <summary>A prototype nearer to a mean than this part of the mean's length is that mean.</summary>
    private const double Near = 0.25;

    /// <summary>
    /// Writes the section; null where no network ends in distances behind another layer, or it was not asked for.
    /// </summary>
    public static ReportSection? Of(AnalysisRecord record)
    {
        ModelAnalysis[] models = [.. record.Models.Where(model => model.Runs.Any(run => run.Theory is not null))];
        if (models.Length == 0)
            return null;
        string images = OverRuns.Images(models[0].Runs.First(run => run.Theory is not null).Theory!.Split);
        string layers = DistanceTheory.InWords(record, theory => theory.Layer);
        string distances = DistanceTheory.InWords(record, theory => theory.Distance);
        return new ReportSection("analysis-theory", $"Does {layers} learn the {distances}?",
        [
            .. Gap(record) is { } gap ? [new ReportParagraph(gap)] : Array.Empty<ReportBlock>(),
            .. models.GroupBy(TheoryOf).OrderBy(group => group.Key.Model)
                .SelectMany((group, number) => Blocks(group.Key, [.. group], images, number)),
        ]);
    }

    private static IEnumerable<ReportBlock> Blocks(DistanceTheory theory, ModelAnalysis[] models, string images, int number)
    {
        string center = theory.Center, sign = theory.SpreadSign;
        yield return new ReportParagraph(
            $"{(theory.Model == ClassModel.Gaussian ? "The paper expects" : "One would expect")} that behind a Linear layer " +
                $"the prototype μ of a class is the {center} m of its images in " +
            $"the space of the hidden layer, and the weight |α| the inverse {theory.Spread} 1/{sign}. Where the farthest " +
                $"prototype wins, μ may be the {center} of all other classes instead, " +
            $"an anti-prototype. Distances are compared with those of {theory.Distribution} with independent coordinates " +
                $"that is fitted to the class, or to all others. All on the {images}.");
        yield return new ReportTable(number == 0 ? "theory" : $"theory-{number + 1}",
            "Means over classes, ± standard deviation over runs. Correlations of μ and of the weights are Pearson's over " +
                "the hidden nodes, those of distances Spearman's over all images.",
            [
                new("model", IsText: true), new("μ, m: correlation"), new("‖μ − m‖ / ‖m‖"),
                new($"μ, others' {center}: correlation"), new("‖μ − m‖ / ‖m‖ to it"),
                new($"|α|, 1/{sign}: correlation"), new("distances: class"), new("distances: others"),
            ],
            [.. models.Select(Row)]);
        yield return new ReportFindings([.. models.Select(Judge)]);
        foreach (ModelAnalysis model in models)
        {
            if (TheoryFigure.Draw(model) is { } figure)
            {
                yield return new ReportFigure(figure,
                    $"{model.Name}: what was learned for each class and hidden node against the statistics of the class.");
            }
        }
    }

    /// <summary>The theory of a model's distance.</summary>
    private static DistanceTheory TheoryOf(ModelAnalysis model) =>
        DistanceTheory.Of(model.Runs.Select(run => run.Theory).OfType<TheoryCheck>().First().Model);

    /// <summary>
    /// For which classes the theory cannot be checked, and why; null where it was checked for all, or for no network.
    /// </summary>
    public static string? Gap(AnalysisRecord record)
    {
        TheoryCheck? theory = record.Models.SelectMany(model => model.Runs).Select(run => run.Theory).OfType<TheoryCheck>()
            .FirstOrDefault();
        if (theory is not { EmptyClasses.Length: > 0 })
            return null;
        string images = OverRuns.Images(theory.Split), classes = Numbers.List(theory.EmptyClasses.Select(c => $"{c}"));
        return theory.Classes.Length == 0
            ? $"The theory cannot be checked: all {images} are of one class."
            : $"The theory cannot be checked for class{(theory.EmptyClasses.Length == 1 ? "" : "es")} {classes}: no " +
                $"{images} are of " +
              $"{(theory.EmptyClasses.Length == 1 ? "it" : "them")}.";
    }

    private static string[] Row(ModelAnalysis model)
    {
        string Text(Func<ClassTheory, double> figure) =>
            Numbers.MeanAndDeviation(OverRuns.Summary(model, run => MeanOf(run, figure)));
        return
        [
            model.Name, Text(c => c.MeanCorrelation), Text(c => c.MeanDistance), Text(c => c.OthersCorrelation),
            Text(c => c.OthersDistance),
            Text(c => c.WeightCorrelation), Text(c => c.RankCorrelation), Text(c => c.OthersRankCorrelation),
        ];
    }

    /// <summary>The verdict on the theory for a model, with what the prototypes are instead where it does not hold.</summary>
    private static Finding Judge(ModelAnalysis model)
    {
        DistanceTheory theory = TheoryOf(model);
        return new($"{model.Name} measures the {theory.Distance} to its classes ({Reading(model, theory.Center)})",
        [
            Condition(model, FormattableString.Invariant(
                $"the prototypes are the class {theory.Center}s: ‖μ − m‖ below {Near} ‖m‖"), c => c.MeanDistance,
                distance => distance < Near,
                FormattableString.Invariant($"‖μ − m‖ / ‖m‖")),
            Condition(model, FormattableString.Invariant(
                $"the weights are inverse {theory.Spread}s: correlation of |α| and 1/{theory.SpreadSign} at least {Same}"),
                c => c.WeightCorrelation,
                correlation => correlation >= Same, "correlation"),
            Condition(model, FormattableString.Invariant(
                $"the distances order images as those of {theory.Distribution} do: rank correlation at least {Same}"),
                c => c.RankCorrelation,
                correlation => correlation >= Same, "rank correlation"),
        ]);
    }

    /// <summary>What the prototypes are nearest to, computed from the figures.</summary>
    private static string Reading(ModelAnalysis model, string center)
    {
        double own = Mean(model, c => c.MeanDistance), others = Mean(model, c => c.OthersDistance);
        double correlation = Mean(model, c => c.MeanCorrelation), othersCorrelation = Mean(model, c => c.OthersCorrelation);
        if (own < Near || others < Near)
        {
            return own <= others
                ? $"the prototypes are the {center}s of the classes"
                : $"the prototypes are the {center}s of the other classes";
        }

        string side = correlation >= othersCorrelation ? "of the class" : "of the other classes";
        double best = Math.Max(correlation, othersCorrelation);
        return best >= Same ? $"the prototypes have the pattern of the {center} {side} at another length"
            : best >= 0.5 ? $"the prototypes lean to the {center} {side}"
            : $"the prototypes are neither the {center}s of the classes nor those of the others";
    }

    /// <summary>Holds where it does in every run, and does not hold where it does in none.</summary>
    private static Condition Condition(ModelAnalysis model, string statement,
        Func<ClassTheory, double> figure, Func<double, bool> isMet, string name)
    {
        double[] runs = [.. model.Runs.Select(run => MeanOf(run, figure)).OfType<double>().Where(double.IsFinite)];
        Verdict verdict = runs.Length == 0 ? Verdict.NotDecided
            : runs.All(isMet) ? Verdict.Holds
            : runs.Any(isMet) ? Verdict.NotDecided
            : Verdict.DoesNotHold;
        string range = runs.Length == 0 ? "not defined" : runs.Length == 1 ? Numbers.Plain(runs[0])
            : $"{Numbers.Plain(runs.Min())} to {Numbers.Plain(runs.Max())} in {runs.Length} runs";
        return new Condition(statement, verdict, $"{name}, mean over classes: {range}.");
    }

    private static double Mean(ModelAnalysis model, Func<ClassTheory, double> figure) =>
        OverRuns.Summary(model, run => MeanOf(run, figure))?.Mean ?? double.NaN;

    /// <summary>
    /// The mean of a figure over the classes for which it is defined; NaN where there is none, null where the theory was not
    /// checked.
    /// </summary>
    public static double? MeanOf(RunAnalysis run, Func<ClassTheory, double> figure) =>
        run.Theory?.Classes.Select(figure).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
