using System.Text.Json;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Claims;
using IlgpuDistance.Training.Reports.Published;
using IlgpuDistance.Training.Reports.Sections;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>What reports conclude from runs: verdicts, comparisons with published figures, tests of pairs, convergence.</summary>
public sealed class JudgementTests
{
    /// <summary>Four runs around a mean with a deviation of 1.29 times a step.</summary>
    private static double[] Around(double mean, double step) =>
        [mean - 1.5 * step, mean - 0.5 * step, mean + 0.5 * step, mean + 1.5 * step];

    /// <summary>An experiment in which everything is as in the paper's text, with four runs.</summary>
    private static StoredExperiment LikeThePaper(int epochs = 8, bool mnist = false) =>
        new StoredExperiment(epochs, runs: 4, mnist).AddMainModels(
        relu: Around(95.64, 0.15), abs: Around(95.26, 0.15), relu2: Around(47.2, 9.3),
        abs2: Around(95.35, 0.13), relu2Neg: Around(94.93, 0.12), abs2Neg: Around(90.08, 2));

    private static StoredExperiment WithOffsetL2(StoredExperiment experiment, double reluGap) => experiment
        .Add("ReLU-L2", "linear(128) > relu > offset-l2(10)", Around(96, 0.05))
        .Add("ReLU-L2-Neg", "linear(128) > relu > offset-l2(10) > neg", Around(96 + reluGap, 0.05))
        .Add("Abs-L2", "linear(128) > abs > offset-l2(10)", Around(96.2, 0.05))
        .Add("Abs-L2-Neg", "linear(128) > abs > offset-l2(10) > neg", Around(96.25, 0.05));

    private static Dictionary<string, Verdict> Judge(StoredExperiment experiment) =>
        PaperClaims.Judge(ExperimentRecords.Read(experiment.Folder))
            .ToDictionary(finding => finding.Claim, finding => finding.Verdict);

    [Fact]
    public void Every_claim_holds_where_the_runs_are_as_the_paper_says()
    {
        using StoredExperiment experiment = WithOffsetL2(LikeThePaper(), reluGap: 0.03);
        Dictionary<string, Verdict> verdicts = Judge(experiment);
        Assert.Equal(
        [
            "ReLU2 collapses", "ReLU2-Neg recovers", "Abs2 holds", "Abs2-Neg falls and scatters",
            "OffsetL2 closes the gap between normal and negated",
        ], verdicts.Keys);
        Assert.All(verdicts, verdict => Assert.Equal(Verdict.Holds, verdict.Value));
    }

    [Fact]
    public void No_claim_holds_where_the_runs_show_the_contrary()
    {
        using var experiment = new StoredExperiment(8, 4);
        experiment.AddMainModels(
            relu: Around(95.64, 0.15), abs: Around(95.26, 0.15), relu2: Around(95.5, 0.15),
            abs2: Around(92, 0.13), relu2Neg: Around(90, 0.12), abs2Neg: Around(95.2, 0.01));
        WithOffsetL2(experiment, reluGap: -3);
        Assert.All(Judge(experiment), verdict => Assert.Equal((verdict.Key, Verdict.DoesNotHold), (verdict.Key, verdict.Value)));
    }

    [Fact]
    public void What_lies_across_a_threshold_is_not_decided()
    {
        using var experiment = new StoredExperiment(8, 4);
        experiment.AddMainModels(
            relu: Around(95, 0.1), abs: Around(95, 1), relu2: Around(89, 3),
            abs2: Around(94.5, 1), relu2Neg: Around(93.5, 1.5), abs2Neg: Around(93, 2.5));
        WithOffsetL2(experiment, reluGap: 0.5);
        Assert.All(Judge(experiment), verdict => Assert.Equal((verdict.Key, Verdict.NotDecided), (verdict.Key, verdict.Value)));
    }

    // Abs 95.26, Abs2-Neg 90.08, both ± their deviation 1.290994 · step; by SciPy: welch interval of the difference and F
    // interval.
    [Fact]
    public void The_evidence_gives_the_figures_behind_a_verdict()
    {
        using StoredExperiment experiment = LikeThePaper();
        Finding finding = PaperClaims.Judge(ExperimentRecords.Read(experiment.Folder))[3];
        Assert.Equal("Abs2-Neg falls and scatters", finding.Claim);
        Assert.Equal(
        [
            "Abs 95.26 ± 0.19 (4 runs), Abs2-Neg 90.08 ± 2.58 (4 runs): difference +5.18, 95 % interval +1.09 to +9.27; " +
            "published: +5.18 (text, 5,000 epochs)",
            "Abs2-Neg 90.08 ± 2.58 (4 runs), Abs 95.26 ± 0.19 (4 runs): ratio 13.33, 95 % interval 3.39 to 52.39 (F, for " +
                "normal values); " +
            "published: 13.47 (text, 5,000 epochs)",
        ], finding.Conditions.Select(condition => condition.Evidence));
    }

    [Fact]
    public void A_claim_about_missing_models_says_which_are_missing()
    {
        using var experiment = new StoredExperiment(8, 2);
        experiment.Add("ReLU", "linear(128) > relu > linear(10, bias: false)", 95, 95.1);
        experiment.Add("ReLU2", "linear(128) > relu > linear(10, bias: false) > relu");
        IReadOnlyList<Finding> findings = PaperClaims.Judge(ExperimentRecords.Read(experiment.Folder));
        Assert.All(findings, finding => Assert.Equal(Verdict.NotDecided, finding.Verdict));
        Assert.Equal("no finished run: ReLU2", findings[0].Conditions[0].Evidence);
        Assert.Equal("not part of this experiment: ReLU2-Neg; no finished run: ReLU2", findings[1].Conditions[0].Evidence);
        Assert.Equal("not part of this experiment: Abs and Abs2", findings[2].Conditions[0].Evidence);
    }

    [Fact]
    public void Single_runs_decide_nothing()
    {
        using var experiment = new StoredExperiment(8, 1);
        experiment.AddMainModels([95], [95], [40], [95], [94], [90]);
        IReadOnlyList<Finding> findings = PaperClaims.Judge(ExperimentRecords.Read(experiment.Folder));
        Assert.All(findings, finding => Assert.Equal(Verdict.NotDecided, finding.Verdict));
        Assert.Equal(
            "ReLU 95.00 (1 run), ReLU2 40.00 (1 run): difference +55.00; one run of a model says nothing about its scatter",
            findings[0].Conditions[0].Evidence);
    }

    [Fact]
    public void Models_with_bias_are_judged_where_there_are_any()
    {
        using StoredExperiment experiment = LikeThePaper()
            .Add("ReLU-Bias", "linear(128) > relu > linear(10)", Around(95.7, 0.1))
            .Add("ReLU2-Bias", "linear(128) > relu > linear(10) > relu", Around(40, 10));
        Dictionary<string, Verdict> verdicts = Judge(experiment);
        Assert.Equal(9, verdicts.Count);
        Assert.Equal(Verdict.Holds, verdicts["ReLU2-Bias collapses"]);
        Assert.Equal(Verdict.NotDecided, verdicts["ReLU2-Neg-Bias recovers"]);
    }

    [Fact]
    public void Runs_by_the_papers_protocol_are_compared_with_both_columns_that_claim_their_epochs()
    {
        using StoredExperiment experiment = WithOffsetL2(LikeThePaper(epochs: 5000, mnist: true), reluGap: 0);
        IReadOnlyList<PublishedComparison> comparisons = PublishedComparison.Of(ExperimentRecords.Read(experiment.Folder));
        Assert.Equal(16, comparisons.Count);
        Assert.All(comparisons.Where(c => c.Published.Column == PublishedFigures.Text),
            c => Assert.NotEqual(Verdict.DoesNotHold, c.Verdict));
        Assert.Equal(["ReLU", "Abs", "Abs2", "ReLU2-Neg"],
            comparisons.Where(c => c.Published.Column == PublishedFigures.Table2 && c.Verdict == Verdict.DoesNotHold)
                .Select(c => c.Model.Name));
        Assert.All(comparisons.Where(c => c.Published.Column == PublishedFigures.Table5),
            c => Assert.Equal((null, "published for 50,000 epochs", "ours in the paper form"),
                (c.Verdict, c.WhyNot, c.Remark)));

        // By SciPy: ttest_ind_from_stats(95.64, 0.15 · √(5/3), 4, 96.62, 0.17, 20, equal_var=False).
        TTestResult test = comparisons.Single(c => c.Model.Name == "ReLU" && c.Published.Column == PublishedFigures.Table2).Test!;
        Assert.Equal(-9.42133497335821, test.T, 1e-8);
        Assert.Equal(0.0007237611049846892, test.P, 1e-12);
    }

    [Fact]
    public void A_published_figure_is_confirmed_within_a_margin_and_refuted_by_a_corrected_test()
    {
        using StoredExperiment experiment = LikeThePaper(epochs: 5000, mnist: true);
        ILookup<PublishedColumn, PublishedComparison> columns =
            PublishedComparison.Of(ExperimentRecords.Read(experiment.Folder)).ToLookup(c => c.Published.Column);
        PublishedComparison Find(PublishedColumn column, string model) => columns[column].Single(c => c.Model.Name == model);
        // Holm: the smallest of six probabilities counts six times.
        PublishedComparison[] table2 = [.. columns[PublishedFigures.Table2].OrderBy(c => c.Test!.P)];
        Assert.Equal(6 * table2[0].Test!.P, table2[0].Corrected, 1e-12);
        Assert.Equal(Verdict.DoesNotHold, Find(PublishedFigures.Table2, "ReLU").Verdict);
        // The means are the same: intervals are 0 ± 0.3 for ReLU, and for ReLU2, whose runs scatter by 12 points, 0 ± 16.
        Assert.Equal((Verdict.Holds, 0.5),
            (Find(PublishedFigures.Text, "ReLU").Verdict, Find(PublishedFigures.Text, "ReLU").Margin));
        Assert.Equal((Verdict.NotDecided, 12.0),
            (Find(PublishedFigures.Text, "ReLU2").Verdict, Find(PublishedFigures.Text, "ReLU2").Margin));
    }

    // By hand: two samples with deviation 1 and means 1 apart, n of each: the half width t(2n − 2) · √(2/n) is 2.1448 · 0.5 =
    // 1.07 for n = 8 and 2.1199 · 0.4714 = 0.9993 for 9.
    [Fact]
    public void What_is_not_decided_says_how_many_runs_it_takes()
    {
        double step = 1 / Math.Sqrt(5.0 / 3);
        using StoredExperiment experiment = new StoredExperiment(8, 4)
            .Add("Abs", "linear(128) > abs > linear(10, bias: false)", Around(95, step))
            .Add("Abs2", "linear(128) > abs > linear(10, bias: false) > abs", Around(95, step))
            .Add("ReLU", "linear(128) > relu > linear(10, bias: false)", Around(95, step))
            .Add("ReLU2-Neg", "linear(128) > relu > linear(10, bias: false) > relu > neg", Around(93, step));
        IReadOnlyList<Finding> findings = PaperClaims.Judge(ExperimentRecords.Read(experiment.Folder));
        Condition abs2 = findings.Single(finding => finding.Claim == "Abs2 holds").Conditions[0];
        Assert.Equal("it takes about 9 runs of each", abs2.Lacks);
        Assert.EndsWith("; it takes about 9 runs of each", abs2.Evidence, StringComparison.Ordinal);
        // 2 points, where the threshold is 2.
        Condition recovery = findings.Single(finding => finding.Claim == "ReLU2-Neg recovers").Conditions[1];
        Assert.Equal("not even 1,000 runs of each would decide it, so near is the threshold", recovery.Lacks);
    }

    [Fact]
    public void The_plain_rows_of_table_2_are_compared_with_the_models_with_a_bias_after_50000_epochs_too()
    {
        using var experiment = new StoredExperiment(50_000, 2, mnist: true);
        experiment.Add("ReLU-Bias", "linear(128) > relu > linear(10)", 96.6, 96.7);
        IReadOnlyList<PublishedComparison> comparisons = PublishedComparison.Of(ExperimentRecords.Read(experiment.Folder));
        Assert.Equal([("Table 2/5 as -Bias", null), ("Table 3", "published for 5,000 epochs")],
            comparisons.Select(comparison => (comparison.Published.Column.Name, comparison.WhyNot)));
        Assert.Equal(96.62, comparisons[0].Published.TestAccuracy.Mean);
    }

    [Theory]
    [InlineData(500, null, null, null, null)]
    [InlineData(50, "lr", "0.01", "learning rate 0.01 instead of 0.001", "another protocol")]
    [InlineData(50, "lr", "1e20", "learning rate 1·10²⁰ instead of 0.001", "another protocol")]
    [InlineData(50, "batch-size", "256", "batches of 256 instead of one step per epoch over all images", "another protocol")]
    [InlineData(50, "batch-size", "60000", null, null)]
    [InlineData(50, "init", "weights.safetensors", "initial weights from weights.safetensors instead of random ones",
        "another protocol")]
    public void Runs_by_another_protocol_are_not_compared_and_the_reason_is_given(
        int epochs, string? option, string? value, string? deviation, string? reason)
    {
        using var experiment = new StoredExperiment(epochs, 2, mnist: true);
        if (option is not null)
            experiment.Options[option] = value!;
        experiment.Add("ReLU", "linear(128) > relu > linear(10, bias: false)", 95, 95.1);
        ExperimentRecords records = ExperimentRecords.Read(experiment.Folder);
        Assert.Equal(deviation is null ? [] : [deviation], PaperProtocol.DeviationsOf(records.Description));
        string[] expected = reason is null
            ? ["published for 5,000 epochs", "published for 5,000 or 50,000 epochs"]
            : [reason, reason];
        Assert.Equal(expected, PublishedComparison.Of(records).Select(comparison => comparison.WhyNot));
    }

    [Fact]
    public void A_network_that_is_not_the_papers_is_not_compared_whatever_its_name()
    {
        using var experiment = new StoredExperiment(5000, 2, mnist: true);
        experiment.Add("ReLU", "linear(64) > relu > linear(10, bias: false)", 95, 95.1);
        IReadOnlyList<PublishedComparison> comparisons = PublishedComparison.Of(ExperimentRecords.Read(experiment.Folder));
        Assert.Equal(["another network", "another network"], comparisons.Select(comparison => comparison.WhyNot));
    }

    [Fact]
    public void Other_data_are_no_reproduction()
    {
        using StoredExperiment experiment = LikeThePaper();
        Assert.Equal(["digits instead of MNIST"],
            PaperProtocol.DeviationsOf(ExperimentRecords.Read(experiment.Folder).Description));
    }

    [Fact]
    public void Pairs_are_tested_as_by_SciPy_and_corrected_over_all_pairs()
    {
        JsonElement golden = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "statistics.json"))).RootElement
            .GetProperty("cases").EnumerateArray().First();
        double[] Values(string name) => [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        using var experiment = new StoredExperiment(4, 20);
        experiment.Add("a", "linear(10)", Values("a")).Add("b", "linear(10)", Values("b")).Add("one", "linear(10)", 90);
        IReadOnlyList<PairwiseTests> pairs = PairwiseTests.Of(ExperimentRecords.Read(experiment.Folder));

        Assert.Equal([("a", "b"), ("a", "one"), ("b", "one")], pairs.Select(pair => (pair.First.Name, pair.Second.Name)));
        double P(string test) => golden.GetProperty(test).GetProperty("p").GetDouble();
        Assert.Equal(P("paired"), pairs[0].Paired!.P, 1e-9 * P("paired"));
        Assert.Equal(P("welch"), pairs[0].Corrected.Welch, 1e-9 * P("welch"));
        Assert.Equal(golden.GetProperty("cohen_d").GetDouble(), pairs[0].CohenD!.Value, 1e-8);
        Assert.Null(pairs[1].Paired);
        Assert.Null(pairs[1].Welch);
        Assert.Equal(double.NaN, pairs[1].Corrected.Welch);
        // Of the pooled test there are three: a single run against twenty has 19 degrees of freedom.
        Assert.Equal(19, pairs[1].Pooled!.Degrees);
        double largest = pairs.Max(pair => pair.Pooled!.P);
        Assert.Equal(largest, pairs.Single(pair => pair.Pooled!.P == largest).Corrected.Pooled, 1e-12);
    }

    [Fact]
    public void Pairs_are_formed_by_the_number_of_the_run()
    {
        using var experiment = new StoredExperiment(4, 3);
        experiment.Add("a", "linear(10)", 90, 91, 93).Add("b", "linear(10)");
        experiment.WriteRun("b", "linear(10)", run: 2, 92);
        experiment.WriteRun("b", "linear(10)", run: 0, 90.5);
        // The differences are 90 − 90.5 and 93 − 92.
        Assert.Equal(0.25, PairwiseTests.Of(ExperimentRecords.Read(experiment.Folder)).Single().Paired!.Difference, 1e-12);
    }

    [Fact]
    public void A_training_has_converged_when_it_never_again_leaves_half_a_point_around_its_end()
    {
        Assert.Equal(3, Convergence.EpochOf([50, 60, 94.4, 94.5, 95.5, 95]));
        Assert.Equal(5, Convergence.EpochOf([50, 95, 95, 95, 94, 95]));
        Assert.Equal(0, Convergence.EpochOf([95, 95.1, 95]));
        Assert.Equal(2, Convergence.EpochOf([90, double.NaN, 95.2, double.NaN, 95]));
        Assert.Equal(0, Convergence.EpochOf([95]));
    }
}
