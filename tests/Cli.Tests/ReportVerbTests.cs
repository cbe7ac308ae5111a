using System.Text.Json.Nodes;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class ReportVerbTests : IDisposable
{
    private const string Network = "linear(128) > abs > linear(10, bias: false)";

    private readonly StoredExperiment _experiment = new(epochs: 8, runs: 2);

    public void Dispose() => _experiment.Dispose();

    [Fact]
    public void The_verdicts_are_printed_and_the_report_lies_in_the_experiment()
    {
        _experiment.AddMainModels([95, 95.2], [95, 95.3], [50, 51], [95, 95.2], [94.9, 95], [90, 91]);
        CliResult result = CliCall.Run("report", _experiment.Folder);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("6 models, 2 runs each, 8 epochs on digits\nReLU2 collapses: holds\n", result.Output,
            StringComparison.Ordinal);
        string page = _experiment["report/report.html"];
        Assert.EndsWith($"\nsee {page}\n", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(page));
    }

    [Fact]
    public void A_template_becomes_a_document_with_its_figures_beside_it()
    {
        _experiment.Add("Abs", Network, 95, 95.2);
        string template = _experiment["page.template.md"], document = _experiment["page.md"];
        string parent = Path.GetDirectoryName(_experiment.Folder)!;
        File.WriteAllText(template, "Abs: {{experiment: mean Abs}}\n\n{{experiment: figure accuracy}}\n");
        CliResult result = CliCall.Run("report", parent, "--template", template, "--out", document);
        Assert.Equal((0, "", $"see {document}\n"), (result.ExitCode, result.Error, result.Output));
        Assert.StartsWith("Abs: 95.10 ± 0.14\n", File.ReadAllText(document), StringComparison.Ordinal);
        Assert.True(File.Exists(_experiment["page/figures/experiment-accuracy.png"]));

        CliResult nowhere = CliCall.Run("report", parent, "--template", template);
        Assert.Equal((2, "error: --out: expected the document that is made of --template\n"), (nowhere.ExitCode, nowhere.Error));
        File.WriteAllText(template, "{{experiment: tables}}");
        Assert.Contains("line 1: {{experiment: tables}}: expected ",
            CliCall.Run("report", parent, "--template", template, "--out", document).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_train_has_written_are_read()
    {
        JsonNode run = JsonValue.Create(0);
        for (int seed = 0; seed < 2; seed++)
        {
            string folder = _experiment[$"abs/{seed}"];
            CliResult training = CliCall.Run(
                "train", "--model", "Abs", "--dataset", "digits", "--device", "cpu", "--epochs", "8", "--eval-every", "3",
                "--quiet", "--seed", $"{seed}", "--out", folder);
            Assert.Equal(0, training.ExitCode);
            run = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!;
        }
        File.WriteAllText(_experiment["experiment.json"], new JsonObject
        {
            ["format"] = 1,
            ["models"] =
                new JsonArray(new JsonObject { ["name"] = "Abs", ["folder"] = "abs", ["network"] = run["model"]!.DeepClone() }),
            ["runs"] = 2,
            ["epochs"] = 8,
            ["options"] = new JsonObject { ["lr"] = "0.001" },
            ["data"] = run["data"]!.DeepClone(),
            ["versions"] = run["versions"]!.DeepClone(),
            ["started"] = run["started"]!.DeepClone(),
        }.ToJsonString());

        CliResult result = CliCall.Run("report", _experiment.Folder, "--out", _experiment["elsewhere"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string command = ShellWords.Command("page", _experiment.Folder, "--out", _experiment["elsewhere/page.html"]);
        Assert.EndsWith(
            $"\nthere is no page on which one draws yet: \"{command}\" makes it, and another report links to it\n",
            result.Output, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(_experiment["elsewhere/runs.csv"]);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"Abs,1,{run["final"]!["testAccuracy"]!.GetValue<double>():R},", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_in_another_folder_links_to_the_experiments_page_unless_that_folder_has_one()
    {
        _experiment.Add("Abs", Network, 95, 95.2);
        string page = _experiment["report/page.html"];
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        File.WriteAllText(page, "");
        string ReportIn(string folder)
        {
            CliResult result = CliCall.Run("report", _experiment.Folder, "--out", folder);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            return File.ReadAllText(Path.Combine(folder, "report.html"));
        }

        Assert.Contains("<a href=\"../../report/page.html\">", ReportIn(_experiment["a/b c"]), StringComparison.Ordinal);
        Assert.Contains("<a href=\"page.html\">", ReportIn(_experiment["report"]), StringComparison.Ordinal);
        File.Move(page, _experiment["a/b c/page.html"]);
        Assert.Contains("<a href=\"page.html\">", ReportIn(_experiment["a/b c"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_leaves_a_picture_of_its_curve_and_its_folder_can_be_reported_and_evaluated()
    {
        string run = _experiment["run"];
        string[] digits = ["--dataset", "digits", "--device", "cpu"];
        CliResult training = CliCall.Run(["train", "--model", "ReLU", "--epochs", "12", "--quiet", "--out", run, .. digits]);
        Assert.Equal((0, ""), (training.ExitCode, training.Error));
        // The signature of PNG, and width and height in the first block of every such file.
        byte[] picture = File.ReadAllBytes(Path.Combine(run, "learning-curve.png"));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        Assert.Equal(1800, picture[18] * 256 + picture[19]);

        CliResult evaluation = CliCall.Run(["evaluate", run, .. digits]);
        Assert.Equal((0, ""), (evaluation.ExitCode, evaluation.Error));
        CliResult report = CliCall.Run("report", run);
        Assert.Equal((0, ""), (report.ExitCode, report.Error));
        Assert.StartsWith("1 model, 1 run each, 12 epochs on digits\n", report.Output, StringComparison.Ordinal);
        Assert.StartsWith("ReLU,0,", File.ReadAllLines(Path.Combine(run, "report", "runs.csv"))[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_analysis_of_a_model_that_was_trained_again_since_is_left_out()
    {
        string run = _experiment["run"];
        string[] digits = ["--dataset", "digits", "--device", "cpu"],
            train = ["train", "--model", "ReLU", "--epochs", "2", "--quiet", "--out", run, .. digits];
        Assert.Equal(0, CliCall.Run(train).ExitCode);
        Assert.Equal(0, CliCall.Run(["analyze", run, "--what", "weights", .. digits]).ExitCode);
        Assert.Equal("", CliCall.Run("report", run).Error);
        Assert.Contains("id=\"analysis-weights\"", File.ReadAllText(Path.Combine(run, "report", "report.html")),
            StringComparison.Ordinal);

        Assert.Equal(0, CliCall.Run([.. train, "--seed", "1", "--force"]).ExitCode);
        CliResult report = CliCall.Run("report", run);
        Assert.Equal(
            (0, $"warning: left out: {Path.Combine(run, "analysis", "analysis.json")}: is of another model than the one " +
                $"that ReLU run 0 has now; analyse again\n"),
            (report.ExitCode, report.Error));
        Assert.DoesNotContain("id=\"analysis-weights\"", File.ReadAllText(Path.Combine(run, "report", "report.html")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_ended_dead_is_named_in_the_report()
    {
        string folder = _experiment["dead"];
        CliResult reproduced = CliCall.Run(
            "reproduce", "--models", "ReLU,Abs", "--runs", "1", "--epochs", "20", "--lr", "1000", "--dataset", "digits",
            "--device", "cpu", "--quiet", "--out", folder);
        Assert.Contains("warning: ReLU run 0: the network is dead: ", reproduced.Error, StringComparison.Ordinal);
        string text = File.ReadAllText(Path.Combine(folder, "report", "report.md"));
        Assert.Contains("ReLU, run 0: the network is dead: its outputs are the same for all test images", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Abs, run 0: the network", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_run_is_a_warning_and_the_rest_is_reported()
    {
        _experiment.Add("Abs", Network, 95, 95.2);
        File.WriteAllText(_experiment.MetricsOf("Abs", 0), "");
        CliResult result = CliCall.Run("report", _experiment.Folder);
        Assert.Equal(0, result.ExitCode);
        string line = Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.StartsWith($"warning: left out: {_experiment.MetricsOf("Abs", 0)}: 0 lines where", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no such folder", "nowhere")]
    [InlineData("is a file; name a folder", "", "--out", "experiment.json")]
    [InlineData("none of 2 runs is finished; there is nothing to report yet", "none")]
    public void What_cannot_be_reported_is_one_line_of_error(string expected, string folder, params string[] options)
    {
        _experiment.Add("Abs", Network, 95);
        Directory.CreateDirectory(_experiment["none"]);
        File.WriteAllText(_experiment["none/experiment.json"], File.ReadAllText(_experiment["experiment.json"]));
        CliResult result = CliCall.Run(
            ["report", _experiment[folder], .. options.Select(option => option is "--out" ? option : _experiment[option])]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_experiment["report"]));
    }
}
