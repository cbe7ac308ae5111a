using System.Globalization;
using System.Xml.Linq;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports;
using IlgpuDistance.Training.Reports.Sweeps;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>What the report of a sweep says of chosen accuracies.</summary>
public sealed class SweepReportTests
{
    private const string Abs = "linear(8) > abs > linear(10)", ReLU = "linear(8) > relu > linear(10)";

    private static ReportSection? Response(ExperimentRecords records) =>
        ExperimentReport.Of(records).Sections.FirstOrDefault(section => section.Name == "response");

    private static string[] FiguresOf(ReportSection section) =>
        [.. section.Blocks.OfType<ReportFigure>().Select(figure => figure.Figure.Name)];

    private static string[] TextsOf(Figure figure) =>
        [.. XDocument.Parse(figure.ToSvg()).Descendants("{http://www.w3.org/2000/svg}text").Select(text => text.Value.Trim())];

    private static string TextOf(ReportSection section) =>
        string.Join('\n', section.Blocks.OfType<ReportParagraph>().Select(paragraph => paragraph.Text));

    [Fact]
    public void Parts_of_a_text_that_differ_are_factors_of_their_own()
    {
        using var stored = new StoredExperiment(runs: 1);
        foreach (string width in (string[])["16", "8", "32"])
        {
            foreach (string activation in (string[])["abs", "relu"])
                stored.Add($"linear({width}) > {activation} > linear(10)", $"linear({width}) > {activation} > linear(10)", 90);
        }
        Factors factors = Factors.Of(ExperimentRecords.Read(stored.Folder))!;
        Assert.Equal(["N", "A"], factors.All.Select(factor => factor.Name));
        Assert.Equal("N in linear(N) > A > linear(10)", factors.All[0].Title);
        Assert.Equal(["8", "16", "32"], factors.All[0].Levels);
        Assert.True(factors.All[0].IsGeometric);
        Assert.Equal(["abs", "relu"], factors.All[1].Levels);
        Assert.Equal(["32", "relu"], factors.Variants[^1].Levels);
    }

    [Fact]
    public void Models_that_differ_by_name_only_are_no_sweep()
    {
        using var stored = new StoredExperiment(runs: 1);
        stored.Add("Abs", "linear(128) > abs > linear(10, bias: false)", 90);
        stored.Add("ReLU", "linear(128) > relu > linear(10, bias: false)", 91);
        Assert.Null(Factors.Of(ExperimentRecords.Read(stored.Folder)));
        Assert.Null(Response(ExperimentRecords.Read(stored.Folder)));
    }

    [Theory]
    [InlineData(true, "0.001", "0.01", "0.1")]
    [InlineData(true, "1", "10")]
    [InlineData(true, "32", "64", "128", "256")]
    [InlineData(false, "100", "200", "300", "400")]
    [InlineData(false, "1", "2")]
    [InlineData(false, "0", "1", "10")]
    [InlineData(false, "sgd", "adam")]
    public void Numbers_that_grow_by_factors_have_a_logarithmic_axis(bool isGeometric, params string[] values) =>
        Assert.Equal(isGeometric, new Factor("x", null, values).IsGeometric);

    [Fact]
    public void One_number_has_a_curve_for_each_model_and_the_best_is_named_with_those_that_cannot_be_told_from_it()
    {
        using var stored = new StoredSweep();
        stored.Add("Abs", Abs, [("lr", "0.1")], [96.0, 96.2, 96.1]).Add("Abs", Abs, [("lr", "0.01")], [96.05, 96.1, 96.0])
            .Add("Abs", Abs, [("lr", "0.001")], [80, 80.2, 79.8]).Add("ReLU", ReLU, [("lr", "0.1")], [70, 72], diverged: 1)
            .Add("ReLU", ReLU, [("lr", "0.01")], [], diverged: 3).Add("ReLU", ReLU, [("lr", "0.001")], [60, 60.5, 61]);
        ExperimentRecords records = stored.Read();
        ReportSection section = Response(records)!;
        Figure curve = Assert.Single(section.Blocks.OfType<ReportFigure>()).Figure;
        string[] texts = TextsOf(curve);
        Assert.All(
            ["0.001", "0.01", "0.1", "lr", "Abs", "ReLU", "some or all runs diverged"], text => Assert.Contains(text, texts));

        // By hand: 96.1 ± 0.1 against 96.05 ± 0.05 has t = 0.05/sqrt((0.01 + 0.0025)/3) = 0.77; all others are far off.
        Assert.Contains(
            "The best mean has Abs, lr 0.1: 96.10 ± 0.10 %, 95 % interval 95.85 to 96.35 (3 runs). 1 other variant of 4 " +
            "cannot be told from it (Abs, lr 0.01)", TextOf(section), StringComparison.Ordinal);
        ReportTable table = section.Blocks.OfType<ReportTable>().First();
        Assert.Equal(
            ["Abs, lr 0.1", "Abs, lr 0.01", "Abs, lr 0.001", "ReLU, lr 0.1", "ReLU, lr 0.001", "ReLU, lr 0.01"],
            table.Rows.Select(row => row[0]));
        Assert.Equal(["0", "3", "–"], table.Rows[^1].Skip(1).Take(3));
        Assert.Equal(["2", "1", "71.00"], table.Rows[3].Skip(1).Take(3));
        ReportTable models = section.Blocks.OfType<ReportTable>().Last();
        Assert.Equal([("Abs", "lr 0.1"), ("ReLU", "lr 0.1")], models.Rows.Select(row => (row[0], row[1])));
    }

    [Fact]
    public void Two_numbers_have_a_map_with_the_value_in_each_cell()
    {
        using var stored = new StoredSweep(runs: 2);
        foreach (var (i, rate) in ((string[])["0.001", "0.01", "0.1"]).Index())
        {
            stored.Add("Abs", Abs, [("lr", rate), ("batch-size", "16")], [50.25 + 10 * i, 50.75 + 10 * i]);
            stored.Add(
                "Abs", Abs, [("lr", rate), ("batch-size", "32")], i == 2 ? [] : [90.25 + i, 90.25 + i], diverged: i == 2 ? 2 : 0);
        }
        ReportSection section = Response(stored.Read())!;
        string[] texts = TextsOf(Assert.Single(section.Blocks.OfType<ReportFigure>()).Figure);
        Assert.All(
            ["50.50", "60.50", "70.50", "90.25", "91.25", "± 0.35", "± 0.00", "div.", "lr", "batch-size", "16", "32", "0.1"],
            text => Assert.Contains(text, texts));
    }

    [Fact]
    public void Words_and_many_factors_have_main_effects_whose_figures_are_means_over_the_others()
    {
        using var stored = new StoredSweep(runs: 1);
        foreach (string optimizer in (string[])["sgd", "adam"])
        {
            foreach (string scale in (string[])["raw", "unit"])
                stored.Add("Abs", Abs, [("optimizer", optimizer), ("input-scale", scale)], [optimizer == "sgd" ? 50 : 90]);
        }
        ReportSection section = Response(stored.Read())!;
        Assert.Equal(["response-0-1", "main-effects"], FiguresOf(section));
        string[] texts = TextsOf(section.Blocks.OfType<ReportFigure>().First().Figure);
        Assert.All(["50.00", "90.00", "sgd", "adam", "raw", "unit"], text => Assert.Contains(text, texts));
        Assert.Contains("One run of each variant does not tell", TextOf(section), StringComparison.Ordinal);
    }

    [Fact]
    public void One_word_has_points_with_intervals()
    {
        using var stored = new StoredSweep(runs: 2);
        foreach (string optimizer in (string[])["sgd", "adam", "momentum"])
            stored.Add("Abs", Abs, [("optimizer", optimizer)], [90, 91]);
        Figure figure = Assert.Single(Response(stored.Read())!.Blocks.OfType<ReportFigure>()).Figure;
        string[] texts = TextsOf(figure);
        Assert.All(
            ["sgd", "adam", "momentum", "one run", "mean", "95 % interval of the mean"], text => Assert.Contains(text, texts));
    }

    /// <summary>Names that do not fit beside each other are written upright, and none is left out.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    public void Every_category_has_its_name_below_it(int count)
    {
        using var stored = new StoredSweep(runs: 1);
        string[] schedules = [.. Enumerable.Range(1, count).Select(i => $"cosine-with-warm-up-{i}")];
        foreach (var (i, schedule) in schedules.Index())
        {
            foreach (string scale in (string[])["raw", "unit"])
                stored.Add("Abs", Abs, [("lr-schedule", schedule), ("input-scale", scale)], [50 + i]);
        }
        ReportSection section = Response(stored.Read())!;
        Assert.Equal(["response-0-1", "main-effects"], FiguresOf(section));
        foreach (ReportFigure figure in section.Blocks.OfType<ReportFigure>())
            Assert.Subset(TextsOf(figure.Figure).ToHashSet(), schedules.ToHashSet());
    }

    [Fact]
    public void A_model_has_one_name_in_a_report()
    {
        using var stored = new StoredSweep(runs: 1);
        stored.Add("Abs", "linear(128) > abs > linear(10, bias: false)", [("lr", "0.1")], [90])
            .Add("linear(10)", "linear(10)", [("lr", "0.1")], [91]);
        ReportTable table = Response(stored.Read())!.Blocks.OfType<ReportTable>().First();
        Assert.Equal(["linear(10)", "Abs"], table.Rows.Select(row => row[0]));
    }

    [Fact]
    public void Letters_for_parts_of_a_network_are_said_to_be_the_model_of_the_paper()
    {
        using var stored = new StoredExperiment(runs: 1);
        stored.Add("Abs", "linear(128) > abs > linear(10, bias: false)", 90)
            .Add("linear(64) > abs > linear(10, bias: false)", "linear(64) > abs > linear(10, bias: false)", 91);
        ReportSection section = Response(ExperimentRecords.Read(stored.Folder))!;
        Assert.Contains("In other tables Abs is linear(128) > abs > linear(10, bias: false).", TextOf(section),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_over_one_value_does_not_differ_in_it()
    {
        using var stored = new StoredSweep(runs: 1);
        stored.Add("Abs", Abs, [("lr", "0.001"), ("seed", "1")], [90]).Add("Abs", Abs, [("lr", "0.001"), ("seed", "2")], [91]);
        var overview = Assert.IsType<ReportParagraph>(ExperimentReport.Of(stored.Read()).Sections[0].Blocks[0]);
        Assert.Equal("2 variants of Abs, 1 run each, with lr 0.001, which differ in seed (1; 2).", overview.Text);
    }

    [Fact]
    public void A_large_sweep_has_figures_and_tables_of_its_best_variants_only()
    {
        using var stored = new StoredSweep(runs: 1);
        for (int i = 0; i < 60; i++)
            stored.Add("Abs", Abs, [("seed", i.ToString(CultureInfo.InvariantCulture))], [30 + i]);
        Report report = ExperimentReport.Of(stored.Read());
        Assert.Equal(30, report.Tables.First(table => table.Name == "response").Rows.Count);
        Assert.Equal(60, report.Tables.First(table => table.Name == "accuracy").Rows.Count);
        Assert.Contains(
            "Only the 24 best of 60 models are shown; summary.csv has all.",
            report.Figures.First(figure => figure.Figure.Name == "learning-curves").Caption, StringComparison.Ordinal);
        Assert.All(report.Figures, figure => Assert.True(figure.Figure.Height < 2000));
    }
}
