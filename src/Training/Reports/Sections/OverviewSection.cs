using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>What the experiment is beside the paper's, and what of it is missing.</summary>
internal static class OverviewSection
{
    private const int MostValues = 12, MostItems = 100;

    /// <summary>Writes the section.</summary>
    /// <param name="records">The experiment.</param>
    /// <param name="page">The address of the page on which one draws; null where there is none.</param>
    public static ReportSection Of(ExperimentRecords records, string? page) => new("experiment", "The experiment",
        [
            .. Protocol(records.Description).Select(text => new ReportParagraph(text)),
            .. Incomplete(records),
            .. page is null ? Array.Empty<ReportBlock>()
                : [new ReportLink("Draw a digit", page, " and see what the networks measure of it.")],
        ]);

    /// <summary>In what the experiment differs from the paper's.</summary>
    private static IEnumerable<string> Protocol(ExperimentDescription experiment)
    {
        if (experiment.IsSweep)
            yield return SweepOf(experiment);
        IReadOnlyList<string> deviations = PaperProtocol.DeviationsOf(experiment);
        string epochs = ExperimentText.EpochsOf(experiment);
        if (PaperProtocol.IsFollowedBy(experiment))
        {
            yield return $"{epochs} by the protocol of arXiv:2502.02103: " +
                $"{ExperimentText.DataOf(experiment)} as raw bytes, plain SGD, one step per epoch.";
        }
        // What a sweep is about is not in question.
        if (experiment.IsSweep)
            yield break;
        if (deviations.Count > 0)
        {
            yield return $"This is not the protocol of arXiv:2502.02103: {Numbers.List(deviations)}. " +
                "The published figures stand beside ours for orientation only, and what holds here need not hold there.";
        }
        if (!PaperProtocol.Epochs.Contains(experiment.Epochs))
        {
            yield return $"{epochs}: the published figures are for " +
                $"{Numbers.List(PaperProtocol.Epochs.Select(count => $"{count:N0}"))}, " +
                "so that ours are not expected to agree with them.";
        }
        if (experiment.Runs != PublishedFigures.Runs)
            yield return $"{Numbers.Of(experiment.Runs, "run")} of each model; the paper has {PublishedFigures.Runs}.";
    }

    /// <summary>What is varied.</summary>
    private static string SweepOf(ExperimentDescription experiment)
    {
        ExperimentModel[] variants = [.. experiment.Models.Where(model => model.Varied is not null)];
        string[] options = [.. variants.SelectMany(variant => variant.Varied!.Keys).Distinct()];
        var values = options.Select(option => (Option: option, All: variants
            .Select(variant => variant.Varied!.GetValueOrDefault(option)).OfType<string>().Distinct().ToArray()))
            .ToLookup(option => option.All.Length > 1);
        string[] different = [.. values[true].Select(option => option.All.Length <= MostValues
            ? $"{option.Option} ({string.Join("; ", option.All)})"
            : $"{option.Option} ({option.All.Length} values)")];
        string[] same = [.. values[false].Select(option => $"{option.Option} {option.All.Single()}")];
        string[] models = [.. variants.Select(variant => variant.Title).Distinct()];
        string of = models.Length <= MostValues ? Numbers.List(models) : Numbers.Of(models.Length, "model");
        return $"{Numbers.Of(variants.Length, "variant")} of {of}, {Numbers.Of(experiment.Runs, "run")} each" +
            (same.Length > 0 ? $", with {Numbers.List(same)}" : "") +
            (different.Length > 0 ? $", which differ in {Numbers.List(different)}." : ".");
    }

    /// <summary>Runs that are missing, have diverged or were left out; nothing where all are finished.</summary>
    private static IEnumerable<ReportBlock> Incomplete(ExperimentRecords records)
    {
        int missing = records.Models.Sum(model => model.Missing);
        if (missing > 0)
        {
            ModelRecords[] unfinished = [.. records.Models.Where(model => model.Missing > 0)];
            string models = unfinished.Length > MostItems
                ? $"of {Numbers.Of(unfinished.Length, "model")}"
                : Numbers.List(unfinished.Select(model => $"{model.Missing} of {model.Name}"));
            yield return new ReportParagraph(
                $"{Numbers.Of(missing, "run")} {(missing == 1 ? "is" : "are")} not finished ({models}); " +
                "the figures are those of the finished runs.");
        }
        string[] diverged =
            [.. records.Models.SelectMany(model => model.Diverged, (model, run) => $"{model.Name}, run {run.Key}: {run.Value}")];
        if (diverged.Length > 0)
        {
            string have = diverged.Length == 1 ? "has" : "have";
            yield return new ReportParagraph($"{Numbers.Of(diverged.Length, "run")} diverged and {have} no final accuracy:");
            yield return ListOf(diverged);
        }
        string[] dead =
            [.. records.Models.SelectMany(model => model.Finished.Where(run => run.Defect is not null),
                (model, run) => $"{model.Name}, run {run.Number}: {run.Defect}")];
        if (dead.Length > 0)
        {
            yield return new ReportParagraph(
                $"{Numbers.Of(dead.Length, "run")} ended with a network that is dead, at least in part; the figures " +
                    $"count them:");
            yield return ListOf(dead);
        }
        if (records.Problems.Count > 0)
        {
            yield return new ReportParagraph(
                $"{Numbers.Of(records.Problems.Count, "run")} left out for damaged or foreign files:");
            // A report may be published; where the experiment lay is nobody's concern.
            string folder = Path.TrimEndingDirectorySeparator(records.Folder) + Path.DirectorySeparatorChar;
            yield return ListOf([.. records.Problems.Select(problem => problem.Replace(folder, "", StringComparison.Ordinal))]);
        }
    }

    private static ReportList ListOf(string[] items) => new(
        items.Length <= MostItems ? items : [.. items[..MostItems], $"and {Numbers.Count(items.Length - MostItems)} more"]);
}
