using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Experiments.Reports.Document;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>The main figures of an analysis for terminals and in reports.</summary>
public sealed class SummaryTableTests
{
    [Fact]
    public void The_table_for_terminals_has_five_columns_at_most_and_fits_80_characters()
    {
        ReportTable table = SummaryTable.ForTerminal(new SyntheticAnalysis { Models = ["ReLU2-Neg-Bias", "Abs2-Bias", "Abs-L2-Neg"], Size = 6 }.Build());
        Assert.Equal(["model", "index", "measures", "dead hidden", "dead outputs"], table.Columns.Select(column => column.Heading));
        const int Between = 3;
        int[] widths = [.. table.Columns.Select((column, at) => table.Rows.Select(row => row[at].Length).Append(column.Heading.Length).Max())];
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
    public void Who_reads_nothing_of_a_network_with_OffsetL2_reads_why()
    {
        AnalysisRecord Indexed(string model, double index)
        {
            AnalysisRecord record = new SyntheticAnalysis { Models = [model], Runs = 1, Size = 6 }.Build();
            RunAnalysis run = record.Models[0].Runs[0];
            RepresentationIndex[] silent = [.. run.Representation.Select(one => one with { Outputs = [.. one.Outputs.Select(_ => index)] })];
            return record with { Models = [record.Models[0] with { Runs = [run with { Representation = silent }] }] };
        }
        Assert.StartsWith("Why ReLU-L2-Neg reads \"nothing\": the index compares different images",
            Assert.Single(AnalysisReport.NotesOn(Indexed("ReLU-L2-Neg", 0.48))), StringComparison.Ordinal);
        Assert.Empty(AnalysisReport.NotesOn(Indexed("ReLU-L2-Neg", 0.05)));
        Assert.Empty(AnalysisReport.NotesOn(Indexed("ReLU2", 0.5)));
    }
}
