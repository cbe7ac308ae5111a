using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// An analysis together with an earlier one of the same networks on the same data: what was asked for now replaces what was
/// there of it, and the rest stays where it fits.
/// </summary>
/// <param name="Record">Everything that is known now.</param>
/// <param name="Removed">For each earlier analysis that does not fit any more its name and why, in one line.</param>
internal sealed record AnalysisMerge(AnalysisRecord Record, IReadOnlyList<string> Removed)
{
    /// <summary>Puts two analyses together.</summary>
    /// <param name="earlier">What was found before.</param>
    /// <param name="now">What was found now.</param>
    public static AnalysisMerge Of(AnalysisRecord earlier, AnalysisRecord now)
    {
        // What looks at no images, or only at the first ones, leaves open at which others the rest has looked.
        bool hasSameImages = now.What.All(kind => LooksAtSame(kind, earlier.Splits, now.Splits));
        IReadOnlyList<Split> splits = hasSameImages ? earlier.Splits : now.Splits;
        PerturbationRange range = now.What.Any(kind => PartOf(kind).HasRange) ? now.Range : earlier.Range;
        string? whyNone = WhyNone(earlier, now);
        string? WhyNot(AnalysisKind kind) => whyNone
            ?? (!LooksAtSame(kind, earlier.Splits, splits) ? "it is of other images"
                : PartOf(kind).HasRange && earlier.Range != range ? "it has another range"
                : null);

        var others = earlier.What.Except(now.What).ToLookup(WhyNot);
        AnalysisKind[] kept = [.. others[null]];
        string[] removed = [.. others.Where(some => some.Key is not null)
            .SelectMany(some => some, (some, kind) => $"{AnalysisOptions.NameOf(kind)}: {some.Key}")];
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

    private static AnalysisPart PartOf(AnalysisKind kind) => RunAnalysis.Parts.First(part => part.Kind == kind);

    private static bool LooksAtSame(AnalysisKind kind, IReadOnlyList<Split> some, IReadOnlyList<Split> others) =>
        PartOf(kind).ImagesOf(some).SequenceEqual(PartOf(kind).ImagesOf(others));

    /// <summary>Why nothing of the earlier analysis can stay; null where it is of the same networks and data.</summary>
    private static string? WhyNone(AnalysisRecord earlier, AnalysisRecord now)
    {
        static IEnumerable<(string, int?, string)> NetworksOf(AnalysisRecord record) =>
            record.Models.SelectMany(model => model.Runs, (model, run) => (model.Name, run.Run, run.Hash));

        if (earlier.Md5.Count == 0 || earlier.Models.Any(model => model.Runs.Any(run => run.Hash.Length == 0)))
            return "it does not say of which networks and data it is";
        if (earlier.Data != now.Data || earlier.Md5.Count != now.Md5.Count
            || earlier.Md5.Any(file => now.Md5.GetValueOrDefault(file.Key) != file.Value))
        {
            return "it is of other data";
        }

        return NetworksOf(earlier).SequenceEqual(NetworksOf(now)) ? null : "it is of other networks";
    }

    private static RunAnalysis With(RunAnalysis now, RunAnalysis earlier, AnalysisKind[] kept) =>
        kept.Aggregate(now, (run, kind) => PartOf(kind).Copy(earlier, run));
}
