using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis.Sections;

/// <summary>Turns the record of an analysis into a report. Every statement in it is computed from the record.</summary>
internal static class AnalysisReport
{
    /// <summary>The name of the section that every analysis has.</summary>
    public const string FirstSection = "analysis";

    /// <summary>Writes the report.</summary>
    public static Report Of(AnalysisRecord record)
    {
        int[] runs = [.. record.Models.Select(model => model.Runs.Count)];
        string models = record.Models.Count == 1 ? record.Models[0].Name : Numbers.Of(record.Models.Count, "model");
        string title =
            $"What {models} {(record.Models.Count == 1 ? "measures" : "measure")}, " +
            $"{Numbers.Of(runs.Min(), runs.Max(), "run")} on {record.Data}";
        return new Report(title, SectionsOf(record));
    }

    /// <summary>What could not be analysed on these data, and why, in a sentence; null where there is nothing.</summary>
    public static string? GapOf(AnalysisRecord record) => TheorySection.Gap(record);

    /// <summary>What a reader who sees the main figures alone needs to know to read them, in sentences.</summary>
    public static IEnumerable<string> NotesOn(AnalysisRecord record) => RepresentationSection.WhyNothing(record);

    /// <summary>The sections alone, for a report that has others.</summary>
    public static IReadOnlyList<ReportSection> SectionsOf(AnalysisRecord record)
    {
        ReportSection?[] sections =
        [
            new(FirstSection, "What the networks measure", [.. SummaryTable.Of(record)]),
            RepresentationSection.Of(record),
            OutputOrderSection.Of(record),
            TheorySection.Of(record),
            PrototypesSection.Of(record),
            ActivitySection.Of(record),
            PerturbationSection.Of(record),
            NodePerturbationSection.Of(record),
            DistributionsSection.Of(record),
            WeightsSection.Of(record),
        ];
        return [.. sections.OfType<ReportSection>()];
    }
}
