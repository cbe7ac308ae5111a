using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Documents;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>The main figures of an analysis for terminals and in reports.</summary>
public sealed class SummaryTableTests
{
    [Fact]
    public void The_table_for_terminals_has_five_columns_at_most_and_fits_80_characters()
    {
        ReportTable table = SummaryTable.ForTerminal(
            new SyntheticAnalysis { Models = ["ReLU2-Neg-Bias", "Abs2-Bias", "Abs-L2-Neg"], Size = 6 }.Build());
        Assert.Equal(["model", "index", "measures", "dead hidden", "dead outputs"],
            table.Columns.Select(column => column.Heading));
        const int Between = 3;
        int[] widths = [.. table.Columns.Select((column, at) =>
            table.Rows.Select(row => row[at].Length).Append(column.Heading.Length).Max())];
        Assert.True(widths.Sum() + Between * (widths.Length + 1) <= 80);
        Assert.Equal("index from 0 (distance) to 1 (intensity)", table.Caption);
    }

    [Fact]
    public void What_was_analysed_alone_has_its_figures_in_the_table_for_terminals()
    {
        AnalysisRecord record = new SyntheticAnalysis { Models = ["Abs-L2-Neg"], Runs = 1, Size = 6 }.Build();
        ModelAnalysis model = record.Models[0];
        ReportTable table = SummaryTable.ForTerminal(record with
        {
            Models = [model with { Runs = [new RunAnalysis { Theory = model.Runs[0].Theory }] }],
        });
        Assert.Equal(["model", "μ, mean", "|α|, 1/σ", "runs"], table.Columns.Select(column => column.Heading));
        Assert.Equal(["Abs-L2-Neg", "0.90", "0.60", "1"], Assert.Single(table.Rows));
        Assert.Equal("", table.Caption);
    }

    [Fact]
    public void A_record_with_both_distances_says_what_each_would_have_learned()
    {
        AnalysisRecord record = new SyntheticAnalysis { Models = ["Abs-L1", "Abs-L2-Neg"], Runs = 1, Size = 6 }.Build();
        ReportSection theory = AnalysisReport.SectionsOf(record).Single(section => section.Name == "analysis-theory");
        Assert.StartsWith("Does OffsetL2 or OffsetL1 learn the Mahalanobis distance or", theory.Title, StringComparison.Ordinal);
        string[] paragraphs = [.. theory.Blocks.OfType<ReportParagraph>().Select(paragraph => paragraph.Text)];
        Assert.Contains("is the mean m of its images", paragraphs[0], StringComparison.Ordinal);
        Assert.Contains("is the median m of its images", paragraphs[1], StringComparison.Ordinal);
        Assert.Contains("the inverse mean absolute deviation 1/b", paragraphs[1], StringComparison.Ordinal);
        ReportTable[] tables = [.. theory.Blocks.OfType<ReportTable>()];
        Assert.Equal(["theory", "theory-2"], tables.Select(table => table.Name));
        Assert.Equal(["Abs-L2-Neg", "Abs-L1"], tables.Select(table => table.Rows.Single()[0]));
    }

    /// <summary>The analysis of models all of whose outputs have the same indices.</summary>
    private static AnalysisRecord Indexed(double[] outputs, params string[] models)
    {
        AnalysisRecord record = new SyntheticAnalysis { Models = models, Runs = 1, Size = 6 }.Build();
        RunAnalysis With(RunAnalysis run) =>
            run with { Representation = [.. run.Representation.Select(one => one with { Outputs = outputs })] };
        return record with { Models = [.. record.Models.Select(model => model with { Runs = [With(model.Runs[0])] })] };
    }

    [Fact]
    public void Who_reads_nothing_of_a_network_with_OffsetL2_reads_why()
    {
        Assert.StartsWith("Why ReLU-L2-Neg reads \"nothing\": the index compares different images",
            Assert.Single(AnalysisReport.NotesOn(Indexed([0.48], "ReLU-L2-Neg"))), StringComparison.Ordinal);
        Assert.Empty(AnalysisReport.NotesOn(Indexed([0.05], "ReLU-L2-Neg")));
    }

    [Theory]
    [InlineData("most of its outputs are the same for all images, as dead ones are.", 0.5, 0.5, 0.45)]
    [InlineData("some of its outputs measure distance and others intensity, and the mean over them lies between.", 0.02, 0.97)]
    [InlineData("an output of it is about as large for images of other classes as for those of its own; ", 0.47, 0.55)]
    public void Who_reads_nothing_of_other_networks_reads_why_once_for_all_with_the_same_reason(
        string reason, params double[] outputs) =>
        Assert.StartsWith($"Why ReLU and ReLU2 read \"nothing\": {reason}",
            Assert.Single(AnalysisReport.NotesOn(Indexed(outputs, "ReLU", "ReLU2"))), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.39951, "0.400", "nothing")]
    [InlineData(0.4, "0.400", "nothing")]
    [InlineData(0.39949, "0.399", "leans to distance")]
    [InlineData(0.60049, "0.600", "nothing")]
    [InlineData(0.6006, "0.601", "leans to intensity")]
    [InlineData(0.8996, "0.900", "intensity")]
    [InlineData(0.1004, "0.100", "distance")]
    public void What_an_index_says_follows_from_the_digits_beside_it(double index, string digits, string reading)
    {
        AnalysisRecord record = Indexed([index], "ReLU2-Neg");
        Assert.Equal([digits, reading], SummaryTable.ForTerminal(record).Rows[0].Skip(1).Take(2));
        Assert.Equal([digits, reading], SummaryTable.Of(record).First().Rows[0].Skip(2).Take(2));
    }
}
