using IlgpuDistance.Training.Documents;

namespace IlgpuDistance.Training.Reports.Templates;

/// <summary>Claims with their verdicts in short: a row for each, and why it is not decided where it is not.</summary>
internal static class VerdictTable
{
    /// <summary>Makes the table.</summary>
    public static ReportTable Of(IEnumerable<Finding> findings) => new(
        "verdicts",
        "The claims and what the runs say of them; numbers of runs are for means and deviations as they are now.",
        [
            new("claim", IsText: true, IsLong: true), new("verdict", IsText: true),
            new("why not decided", IsText: true, IsLong: true),
        ],
        [.. findings.Select(finding => (string[])[finding.Claim, finding.Verdict.InWords(), LackOf(finding)])]);

    private static string LackOf(Finding finding) => finding.Verdict != Verdict.NotDecided ? "" : string.Join(
        "; ", finding.Conditions.Where(condition => condition.Verdict == Verdict.NotDecided)
            .GroupBy(condition => condition.Lacks, condition => condition.Statement)
            .Select(lack => lack.Count() == 1 ? $"{lack.Single()}: {lack.Key}" : $"{lack.Count()} conditions: {lack.Key}"));
}
