using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Statistics;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Claims;

/// <summary>
/// What arXiv:2502.02103 says of its networks beside their accuracy: what their outputs measure, how many nodes are dead, and
/// how much a clamped layer bears. A published mean is confirmed where the whole 95 % interval of ours (t) lies within a margin
/// of it, refuted where the whole interval lies outside, and not decided else.
/// </summary>
internal static class AnalysisClaims
{
    /// <summary>An index beyond these is on the side of distance or of intensity, not near the 0.5 of knowing nothing.</summary>
    private const double DistanceSide = 0.4, IntensitySide = 0.6;

    /// <summary>The part of the images below which the paper calls a node rarely active.</summary>
    private const double Rare = 0.01;

    /// <summary>Published thresholds are whole percents of the range; within this many they are the same.</summary>
    private const double ThresholdMargin = 2;

    /// <summary>Judges what was published of the models that were analysed.</summary>
    public static IReadOnlyList<Finding> Judge(AnalysisRecord analysis)
    {
        Split split = analysis.Splits[^1];
        return
        [
            .. analysis.Models.SelectMany(model => Representation(model, split)),
            .. analysis.Models.SelectMany(model => Nodes(model, split)),
            .. analysis.Models.SelectMany(model => Halves(model, split)),
        ];
    }

    private static IEnumerable<Finding> Representation(ModelAnalysis model, Split split)
    {
        double[] runs = [.. model.Runs.SelectMany(run => run.Representation).Where(index => index.Split == split)
            .Select(index => index.Mean).Where(double.IsFinite)];
        if (PublishedAnalyses.RepresentationOf(model.Name) is not { } said || runs.Length == 0)
            yield break;
        bool isDistance = said == "distance";
        bool IsMet(double index) => isDistance ? index < DistanceSide : index > IntensitySide;
        Verdict verdict = runs.All(IsMet) ? Verdict.Holds : runs.Any(IsMet) ? Verdict.NotDecided : Verdict.DoesNotHold;
        string statement = "the mean index of its outputs is " + (isDistance
            ? FormattableString.Invariant($"below {DistanceSide} in every run")
            : FormattableString.Invariant($"above {IntensitySide} in every run"));
        string range = runs.Length == 1 ? Numbers.Index(runs[0]) : $"{Numbers.Index(runs.Min())} to {Numbers.Index(runs.Max())}";
        string evidence = $"{range} in {Numbers.Of(runs.Length, "run")}";
        yield return new Finding($"The outputs of {model.Name} measure {said}",
        [
            verdict == Verdict.NotDecided
                ? Condition.Open(statement, evidence, $"it is so in {runs.Count(IsMet)} of {runs.Length} runs")
                : new Condition(statement, verdict, evidence),
        ]);
    }

    private static IEnumerable<Finding> Nodes(ModelAnalysis model, Split split)
    {
        Condition[] conditions =
        [
            .. model.Runs[0].Activity.Index().Where(layer => layer.Item.Split == split).SelectMany(layer =>
            {
                var (dead, rare) = PublishedAnalyses.NodesOf(model.Name, layer.Item.Layer.IsHidden);
                string which = layer.Item.Layer.IsHidden ? "hidden nodes" : "outputs";
                double margin = 100.0 / layer.Item.Nodes;
                Condition Near(double published, string what, Func<NodeActivity, double> percent) => IsNear(
                    FormattableString.Invariant($"{published} % of the {which} are {what}, give or take one node"),
                    OverRuns.Summary(model, run => percent(run.Activity[layer.Index])), published, margin);
                return (Condition[])
                [
                    .. dead is { } percent ? [Near(percent, "dead", activity => activity.DeadPercent)] : Array.Empty<Condition>(),
                    .. rare is { } other
                        ? [Near(other, "rarely active", activity => activity.RarePercent(Rare))]
                        : Array.Empty<Condition>(),
                ];
            }),
        ];
        if (conditions.Length > 0)
            yield return new Finding($"{model.Name} has as many dead or rarely active nodes as published", conditions);
    }

    private static IEnumerable<Finding> Halves(ModelAnalysis model, Split split)
    {
        int at = model.Runs[0].Perturbations.ToList().FindIndex(layer => layer.Split == split);
        if (PublishedAnalyses.HalfOf(model.Name) is not { } published || at < 0)
            yield break;
        Condition Near(string side, double percent, Func<LayerPerturbation, double?> half) => IsNear(
            FormattableString.Invariant($"half is gone {side} at {percent} % of the range, give or take {ThresholdMargin}"),
            OverRuns.Summary(model, run => half(run.Perturbations[at])), percent, ThresholdMargin);
        yield return new Finding($"Clamping the hidden layer of {model.Name} halves its accuracy where the paper says",
        [
            Near("from below", published.FromBelow, layer => layer.HalfFromBelow),
            Near("from above", published.FromAbove, layer => layer.HalfFromAbove),
        ]);
    }

    /// <summary>The mean over runs, in percent, lies within a margin of what was published.</summary>
    private static Condition IsNear(string statement, SampleSummary? ours, double published, double margin)
    {
        if (ours is null)
            return Condition.Open(statement, "", "no run has the figure");
        string figures = $"ours {Numbers.MeanAndDeviation(ours)} % ({Numbers.Of(ours.Count, "run")})";
        if (ours.MeanInterval is not { } interval)
            return Condition.Open(statement, figures, Outstanding.Scatter);
        string evidence = $"{figures}, 95 % interval {Numbers.Range(interval.Within(0, 100))}";
        Verdict verdict = VerdictOn(interval);
        return verdict == Verdict.NotDecided
            ? Condition.Open(statement, evidence, Outstanding.Runs(RunsNeeded.Of(ours.Count, runs =>
                VerdictOn((ours with { Count = runs }).MeanInterval!.Value) != Verdict.NotDecided)))
            : new Condition(statement, verdict, evidence);

        Verdict VerdictOn(Interval found) =>
            found.Low >= published - margin && found.High <= published + margin ? Verdict.Holds
            : found.High < published - margin || found.Low > published + margin ? Verdict.DoesNotHold
            : Verdict.NotDecided;
    }
}
