using IlgpuDistance.Training.Experiments.Reports.Document;
using IlgpuDistance.Training.Experiments.Reports.Published;
using IlgpuDistance.Training.Experiments.Reports.Records;

namespace IlgpuDistance.Training.Experiments.Reports.Sections;

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
        if (deviations.Count == 0 && PaperProtocol.Epochs.Contains(experiment.Epochs))
            yield return $"{Numbers.Of(experiment.Epochs, "epoch")} by the protocol of arXiv:2502.02103: {experiment.Data.Name} as raw bytes, plain SGD, one step per epoch.";
        if (deviations.Count > 0)
        {
            yield return $"This is not the protocol of arXiv:2502.02103: {Numbers.List(deviations)}. " +
                "The published figures stand beside ours for orientation only, and what holds here need not hold there.";
        }
        if (!PaperProtocol.Epochs.Contains(experiment.Epochs))
        {
            yield return $"{Numbers.Of(experiment.Epochs, "epoch")}: the published figures are for " +
                $"{string.Join(" and ", PaperProtocol.Epochs.Select(epochs => $"{epochs:N0}"))}, so that ours are not expected to agree with them.";
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
            IEnumerable<string> models = records.Models.Where(model => model.Missing > 0).Select(model => $"{model.Missing} of {model.Name}");
            yield return new ReportParagraph(
                $"{Numbers.Of(missing, "run")} {(missing == 1 ? "is" : "are")} not finished ({Numbers.List(models)}); the figures are those of the finished runs.");
        }
        string[] diverged = [.. records.Models.SelectMany(model => model.Diverged, (model, run) => $"{model.Name}, run {run.Key}: {run.Value}")];
        if (diverged.Length > 0)
        {
            yield return new ReportParagraph($"{Numbers.Of(diverged.Length, "run")} diverged and {(diverged.Length == 1 ? "has" : "have")} no final accuracy:");
            yield return new ReportList(diverged);
        }
        if (records.Problems.Count > 0)
        {
            yield return new ReportParagraph($"{Numbers.Of(records.Problems.Count, "run")} left out for damaged or foreign files:");
            yield return new ReportList(records.Problems);
        }
    }
}
