using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Claims;
using IlgpuDistance.Training.Reports.Published;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>What the networks measure, beside what the paper says of that.</summary>
internal static class AnalysisClaimsSection
{
    /// <summary>Writes the section; null where the experiment is not the paper's, or nothing was analysed.</summary>
    public static ReportSection? Of(ExperimentRecords records, AnalysisRecord? analysis)
    {
        if (analysis is null || !PaperProtocol.IsFollowedBy(records.Description))
            return null;
        IReadOnlyList<Finding> findings = AnalysisClaims.Judge(analysis);
        return findings.Count == 0 ? null : new ReportSection("analysis-published", "Beside what the paper says of its networks",
        [
            new ReportParagraph(
                "A published mean is confirmed where the whole 95 % confidence interval of ours (t) lies within a margin of " +
                "it, and does not hold where the whole interval lies outside. The paper does not say for which images its " +
                "figures are."),
            new ReportFindings(findings),
        ]);
    }
}
