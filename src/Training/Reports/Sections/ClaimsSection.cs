using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Claims;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Reports.Sweeps;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>"What holds": the paper's claims, judged by the runs.</summary>
internal static class ClaimsSection
{
    /// <summary>Writes the section; null where there are no two models about which the paper could claim anything.</summary>
    public static ReportSection? Of(ExperimentRecords records)
    {
        ExperimentDescription experiment = records.Description;
        bool isSweep = experiment.IsSweep || Factors.Of(records) is not null;
        if (isSweep && experiment.Models.Count(model => model.Varied is null && PaperModels.Find(model.Name) is not null) < 2)
            return null;
        string claimed = Numbers.List(PaperProtocol.Epochs.Select(epochs => $"{epochs:N0}"));
        string scope = PaperProtocol.IsFollowedBy(experiment)
            ? ""
            : $" The paper makes its claims for {claimed} epochs on MNIST; " +
              $"the verdicts are on these runs, {Numbers.Of(experiment.Epochs, "epoch")} on {experiment.Data.Name}.";
        return new ReportSection("claims", "What holds",
        [
            new ReportParagraph(
                "Each claim of the paper is put as conditions with a threshold. A condition holds if the whole 95 % confidence " +
                "interval satisfies it, does not hold if the whole interval contradicts it, and is not decided otherwise; then " +
                "it is said how many runs it takes, if means and deviations stay as they are. " +
                    "Intervals of differences (Welch) are cut at −100 and 100 points." + scope),
            new ReportFindings(PaperClaims.Judge(records)),
        ]);
    }
}
