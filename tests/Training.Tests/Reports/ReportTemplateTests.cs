using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Templates;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>Documents that are made of a template and several experiments.</summary>
public sealed class ReportTemplateTests : IDisposable
{
    private const string Abs = "linear(128) > abs > linear(10, bias: false)",
        ReLU = "linear(128) > relu > linear(10, bias: false)";

    private readonly StoredExperiment _experiment = new(epochs: 8, runs: 3);

    public void Dispose() => _experiment.Dispose();

    private FilledTemplate Fill(string text)
    {
        string path = _experiment["template.md"];
        File.WriteAllText(path, text);
        return ReportTemplate.Fill(path, Path.GetDirectoryName(_experiment.Folder)!, "page/figures");
    }

    [Fact]
    public void Placeholders_become_parts_of_the_reports()
    {
        _experiment.Add("Abs", Abs, 95, 95.2, 95.4).Add("ReLU", ReLU, 90);
        FilledTemplate filled = Fill(
            "# A page\n\nAbs reaches {{experiment: mean Abs}} %.\n\n{{experiment: table accuracy}}\n\n" +
            "{{ experiment : figure learning-curves }}\n\n{{experiment: findings claims}}\n\n{{runs: experiment, other}}\n");
        Assert.StartsWith("# A page\n\nAbs reaches 95.20 ± 0.20 %.\n\n*Test accuracy in percent", filled.Text,
            StringComparison.Ordinal);
        Assert.Contains("\n| Abs | 3 | 95.20 | 0.20 | 95.00 | 95.40 |", filled.Text, StringComparison.Ordinal);
        Assert.Contains("](page/figures/experiment-learning-curves.png)", filled.Text, StringComparison.Ordinal);
        Assert.Equal("experiment-learning-curves", Assert.Single(filled.Figures).Name);
        // Claims about models that the experiment does not have are left to others.
        Assert.DoesNotContain("ReLU2 collapses", filled.Text, StringComparison.Ordinal);
        Assert.Contains("| experiment | Abs and ReLU | 8 | 4 | test, simd executor, 1 thread | 4.5 s | 18.0 s |", filled.Text,
            StringComparison.Ordinal);
        Assert.Contains("| other | – | – | none yet |", filled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", filled.Text, StringComparison.Ordinal);
    }

    // By hand: the deviation of 95, 95.2, 95.4 is 0.2; the single run has an error of 0.2 · √(1 + 1/3) = 0.2309, and Student's t
    // for 2 degrees of freedom is 4.3027 at 97.5 %: 5.2 ± 0.9937.
    [Fact]
    public void Models_of_two_experiments_are_compared_by_an_interval()
    {
        _experiment.Add("Abs", Abs, 95, 95.2, 95.4).Add("ReLU", ReLU, 90);
        string text = Fill("{{compare: experiment Abs above experiment ReLU by 2}}; " +
            "{{compare: experiment Abs above experiment ReLU by 7}}; {{compare: experiment ReLU above experiment ReLU by 0}}; " +
            "{{compare: other Abs above experiment ReLU by 0}}").Text;
        Assert.StartsWith(
            "**holds** (95.20 ± 0.20 (3 runs) and 90.00 (1 run): difference +5.20, 95 % interval +4.21 to +6.19, the single " +
            "run scattering alike); **does not hold** (", text, StringComparison.Ordinal);
        Assert.Contains("**not decided by these runs** (90.00 (1 run) and 90.00 (1 run): difference 0.00; one run of a model " +
            "says nothing about its scatter)", text, StringComparison.Ordinal);
        Assert.EndsWith("not decided by these runs (no run of Abs in other is finished)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdicts_are_on_the_models_of_the_experiment_and_say_what_they_lack()
    {
        _experiment.Add("ReLU", ReLU, 95, 95.1, 95.2).Add("ReLU2", $"{ReLU} > relu", 94).Add("ReLU2-Neg", $"{ReLU} > relu > neg");
        string text = Fill("{{experiment: verdicts}}\n{{experiment: findings claims}}").Text;
        Assert.Contains("| ReLU2 collapses | not decided by these runs | ReLU is more than 5 points above ReLU2: " +
            "one run of a model says nothing about its scatter |", text, StringComparison.Ordinal);
        Assert.Contains("| ReLU2-Neg recovers | not decided by these runs | 2 conditions: no finished run: ReLU2-Neg |", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Abs2 holds", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_run_or_not_analysed_yet_is_said()
    {
        _experiment.Add("Abs", Abs, 95);
        Assert.Equal("*No run of bias is finished: nothing of it is decided.*", Fill("{{bias: verdicts}}").Text);
        Assert.Equal("*The report on experiment has no table theory: its networks are not analysed.*",
            Fill("{{experiment: table theory}}").Text);
    }

    [Theory]
    [InlineData("line 1: {{experiment: tabel accuracy}}: expected EXPERIMENT: table NAME", "{{experiment: tabel accuracy}}")]
    [InlineData("line 3: {{compare: experiment Abs above experiment Abs by much}}: much is not a number",
        "\n\n{{compare: experiment Abs above experiment Abs by much}}")]
    public void A_placeholder_that_means_nothing_is_refused_with_its_line(string expected, string text)
    {
        _experiment.Add("Abs", Abs, 95);
        Assert.Contains(expected, Assert.Throws<InputException>(() => Fill(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Earlier_runs_count_until_the_experiment_has_them_itself()
    {
        _experiment.Add("Abs", Abs, 95);
        File.WriteAllText(_experiment["earlier.csv"],
            "model,run,test_accuracy,train_accuracy,loss,seconds,device\n" +
            "Abs,0,80,81,0.5,10,another machine\nAbs,2,96,97,0.25,20,another machine, simd executor\n");
        ModelRecords model = EarlierRuns.AddTo(ExperimentRecords.Read(_experiment.Folder)).Models[0];
        Assert.Equal([(0, 95.0), (2, 96.0)], model.Finished.Select(run => (run.Number, run.TestAccuracy)));
        Assert.Equal((1, "another machine, simd executor", 20.0, false),
            (model.Missing, model.Finished[1].Device, model.Finished[1].Seconds, model.Finished[1].HasCurve));
        FilledTemplate filled = Fill("{{experiment: mean Abs}} {{experiment: figure learning-curves}}");
        Assert.StartsWith("95.50 ± 0.71", filled.Text, StringComparison.Ordinal);
        Assert.Contains("Left out is 1 run of which only the final figures are kept.", filled.Text, StringComparison.Ordinal);
        Assert.NotEmpty(filled.Figures[0].ToSvg());
    }

    [Theory]
    [InlineData("Abs,0,101,81,0.5,10,device")]
    [InlineData("Abs,0,80,81,0.5,device")]
    [InlineData("ReLU,0,80,81,0.5,10,device")]
    [InlineData("Abs,-1,80,81,0.5,10,device")]
    public void A_line_that_is_no_earlier_run_is_refused(string line)
    {
        _experiment.Add("Abs", Abs, 95);
        File.WriteAllText(_experiment["earlier.csv"], $"model,run,test_accuracy,train_accuracy,loss,seconds,device\n{line}\n");
        string message = Assert.Throws<InputException>(
            () => EarlierRuns.AddTo(ExperimentRecords.Read(_experiment.Folder))).Message;
        Assert.Contains("earlier.csv: line 2 is not a run of the experiment", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_is_written_with_its_figures_and_without_those_that_it_had_before()
    {
        _experiment.Add("Abs", Abs, 95, 95.2, 95.4);
        string document = _experiment["page.md"];
        ReportTemplate.Write(Fill("{{experiment: figure accuracy}}\n"), document);
        Assert.True(File.Exists(_experiment["page/figures/experiment-accuracy.png"]));
        ReportTemplate.Write(Fill("{{experiment: mean Abs}}\n"), document);
        Assert.Equal("95.20 ± 0.20\n", File.ReadAllText(document));
        Assert.Empty(Directory.GetFiles(_experiment["page/figures"]));
    }

    /// <summary>Nobody edits docs/reproduction.md by hand, and it is never older than runs, template and reports.</summary>
    [SkippableFact]
    public void The_reproduction_is_what_the_command_makes_of_the_runs_that_are_kept()
    {
        Skip.If(Checkout.Folder is null, Checkout.WhyMissing);
        string docs = Path.Combine(Checkout.Folder!, "docs"), document = Path.Combine(docs, "reproduction.md");
        FilledTemplate filled = ReportTemplate.Fill(
            Path.Combine(docs, "reproduction", "template.md"), Path.Combine(docs, "reproduction", "kept"),
            ReportTemplate.FigureFolderOf(document));
        string[] found = File.ReadAllLines(document), expected = filled.Text.TrimEnd('\n').Split('\n');
        Assert.True(found.SequenceEqual(expected),
            "docs/reproduction.md is not up to date; run: ilgpu-distance report docs/reproduction/kept --template " +
            "docs/reproduction/template.md --out docs/reproduction.md. It lacks: " +
            string.Join('\n', expected.Except(found).Take(3)));
        Assert.All(filled.Figures, figure => Assert.True(
            File.Exists(Path.Combine(docs, "reproduction", "figures", $"{figure.Name}.png")), figure.Name));
    }
}
