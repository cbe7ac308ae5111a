using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>What the experiment is beside the paper's, and what of it is missing.</summary>
internal static class OverviewSection
{
    /// <summary>Writes the section.</summary>
    public static ReportSection Of(ExperimentRecords records) => new("experiment", "The experiment",
        [.. Protocol(records.Description).Select(text => new ReportParagraph(text)), .. Incomplete(records)]);

    /// <summary>In what the experiment differs from the paper's.</summary>
    private static IEnumerable<string> Protocol(ExperimentDescription experiment)
    {
        IReadOnlyList<string> deviations = PaperProtocol.DeviationsOf(experiment);
        string epochs = Numbers.Of(experiment.Epochs, "epoch");
        if (PaperProtocol.IsFollowedBy(experiment))
        {
            yield return $"{epochs} by the protocol of arXiv:2502.02103: " +
                $"{experiment.Data.Name} as raw bytes, plain SGD, one step per epoch.";
        }
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

    /// <summary>Runs that are missing, have diverged or were left out; nothing where all are finished.</summary>
    private static IEnumerable<ReportBlock> Incomplete(ExperimentRecords records)
    {
        int missing = records.Models.Sum(model => model.Missing);
        if (missing > 0)
        {
            string models = Numbers.List(
                records.Models.Where(model => model.Missing > 0).Select(model => $"{model.Missing} of {model.Name}"));
            yield return new ReportParagraph(
                $"{Numbers.Of(missing, "run")} {(missing == 1 ? "is" : "are")} not finished ({models}); " +
                "the figures are those of the finished runs.");
        }
        ReportList diverged = new(
            [.. records.Models.SelectMany(model => model.Diverged, (model, run) => $"{model.Name}, run {run.Key}: {run.Value}")]);
        if (diverged.Items.Count > 0)
        {
            string have = diverged.Items.Count == 1 ? "has" : "have";
            yield return new ReportParagraph($"{Numbers.Of(diverged.Items.Count, "run")} diverged and {have} no final accuracy:");
            yield return diverged;
        }
        ReportList dead = new(
            [.. records.Models.SelectMany(model => model.Finished.Where(run => run.Defect is not null),
                (model, run) => $"{model.Name}, run {run.Number}: {run.Defect}")]);
        if (dead.Items.Count > 0)
        {
            yield return new ReportParagraph(
                $"{Numbers.Of(dead.Items.Count, "run")} ended with a network that is dead, at least in part; the figures " +
                    $"count them:");
            yield return dead;
        }
        if (records.Problems.Count > 0)
        {
            yield return new ReportParagraph(
                $"{Numbers.Of(records.Problems.Count, "run")} left out for damaged or foreign files:");
            // A report may be published; where the experiment lay is nobody's concern.
            string folder = Path.TrimEndingDirectorySeparator(records.Folder) + Path.DirectorySeparatorChar;
            yield return new ReportList(
                [.. records.Problems.Select(problem => problem.Replace(folder, "", StringComparison.Ordinal))]);
        }
    }
}
