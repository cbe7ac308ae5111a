using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// An analysis together with an earlier one of the same networks on the same data: what was asked for now replaces what was
/// there of it, and the rest stays where it fits.
/// </summary>
/// <param name="Record">Everything that is known now.</param>
/// <param name="Removed">For each earlier analysis that does not fit any more its name and why, in one line.</param>
public sealed record AnalysisMerge(AnalysisRecord Record, IReadOnlyList<string> Removed)
{
    /// <summary>Puts two analyses together.</summary>
    /// <param name="earlier">What was found before.</param>
    /// <param name="now">What was found now.</param>
    public static AnalysisMerge Of(AnalysisRecord earlier, AnalysisRecord now)
    {
        // What looks at no images, or only at the first ones, leaves open at which others the rest has looked.
        bool hasSameImages = now.What.All(kind => ImagesOf(kind, earlier.Splits).SequenceEqual(ImagesOf(kind, now.Splits)));
        IReadOnlyList<Split> splits = hasSameImages ? earlier.Splits : now.Splits;
        PerturbationRange range = now.What.Any(HasRange) ? now.Range : earlier.Range;
        string? whyNone = WhyNone(earlier, now);
        string? WhyNot(AnalysisKind kind) => whyNone
            ?? (!ImagesOf(kind, earlier.Splits).SequenceEqual(ImagesOf(kind, splits)) ? "it is of other images"
                : HasRange(kind) && earlier.Range != range ? "it has another range"
                : null);

        var others = earlier.What.Except(now.What).ToLookup(WhyNot);
        AnalysisKind[] kept = [.. others[null]];
        string[] removed = [.. others.Where(some => some.Key is not null).SelectMany(some => some, (some, kind) => $"{AnalysisOptions.NameOf(kind)}: {some.Key}")];
        return kept.Length == 0 ? new AnalysisMerge(now, removed) : new AnalysisMerge(
            now with
            {
                What = [.. now.What.Concat(kept).Order()],
                Splits = splits,
                Rare = now.What.Contains(AnalysisKind.DeadNodes) ? now.Rare : earlier.Rare,
                Range = range,
                Models = [.. now.Models.Zip(earlier.Models, (model, before) =>
                    model with { Runs = [.. model.Runs.Zip(before.Runs, (run, runBefore) => With(run, runBefore, kept))] })],
            },
            removed);
    }

    /// <summary>The images that an analysis looks at.</summary>
    /// <param name="kind">The analysis.</param>
    /// <param name="splits">The images that are given.</param>
    private static IEnumerable<Split> ImagesOf(AnalysisKind kind, IReadOnlyList<Split> splits) => kind switch
    {
        AnalysisKind.Weights => [],
        AnalysisKind.Distributions or AnalysisKind.Prototypes or AnalysisKind.Theory => splits.Take(1),
        _ => splits,
    };

    private static bool HasRange(AnalysisKind kind) => kind is AnalysisKind.Perturbation or AnalysisKind.NodePerturbation;

    /// <summary>Why nothing of the earlier analysis can stay; null where it is of the same networks and data.</summary>
    private static string? WhyNone(AnalysisRecord earlier, AnalysisRecord now)
    {
        static IEnumerable<(string, int?, string)> NetworksOf(AnalysisRecord record) =>
            record.Models.SelectMany(model => model.Runs, (model, run) => (model.Name, run.Run, run.Hash));

        if (earlier.Md5.Count == 0 || earlier.Models.Any(model => model.Runs.Any(run => run.Hash.Length == 0)))
            return "it does not say of which networks and data it is";
        if (earlier.Data != now.Data || earlier.Md5.Count != now.Md5.Count || earlier.Md5.Any(file => now.Md5.GetValueOrDefault(file.Key) != file.Value))
            return "it is of other data";
        return NetworksOf(earlier).SequenceEqual(NetworksOf(now)) ? null : "it is of other networks";
    }

    private static RunAnalysis With(RunAnalysis now, RunAnalysis earlier, AnalysisKind[] kept)
    {
        T Choose<T>(AnalysisKind kind, Func<RunAnalysis, T> part) => part(kept.Contains(kind) ? earlier : now);
        return now with
        {
            Activity = Choose(AnalysisKind.DeadNodes, run => run.Activity),
            Perturbations = Choose(AnalysisKind.Perturbation, run => run.Perturbations),
            NodePerturbations = Choose(AnalysisKind.NodePerturbation, run => run.NodePerturbations),
            Distributions = Choose(AnalysisKind.Distributions, run => run.Distributions),
            Weights = Choose(AnalysisKind.Weights, run => run.Weights),
            Prototypes = Choose(AnalysisKind.Prototypes, run => run.Prototypes),
            Representation = Choose(AnalysisKind.Representation, run => run.Representation),
            Theory = Choose(AnalysisKind.Theory, run => run.Theory),
        };
    }
}
