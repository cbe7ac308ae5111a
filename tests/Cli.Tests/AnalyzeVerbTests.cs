using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class AnalyzeVerbTests(AnalyzedExperiment experiment) : IClassFixture<AnalyzedExperiment>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CliResult Analyze(params string[] arguments) =>
        CliCall.Run(["analyze", .. arguments, "--dataset", "digits", "--device", "cpu"]);

    private JsonElement[] Models(string folder)
    {
        JsonElement record = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder[folder], "analysis.json"))).RootElement;
        return [.. record.GetProperty("models").EnumerateArray()];
    }

    [Fact]
    public void A_model_is_analysed_and_its_figures_are_drawn()
    {
        CliResult result = Analyze(experiment.Model, "--out", _folder["all"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("\n  ReLU2 ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith($"see {Path.Combine(_folder["all"], "analysis.md")}\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("ReLU2", Assert.Single(Models("all")).GetProperty("name").GetString());
        string text = File.ReadAllText(_folder["all/analysis.md"]);
        string[] drawn = [.. text.Split('\n').Where(line => line.StartsWith("![", StringComparison.Ordinal))
            .Select(line => line.Split("](")[1].TrimEnd(')'))];
        Assert.NotEmpty(drawn);
        Assert.All(drawn, figure => Assert.True(File.Exists(_folder[$"all/{figure}"]), figure));
        Assert.Equal(2 * drawn.Length, Directory.GetFiles(_folder["all/figures"]).Length);
    }

    [Fact]
    public void The_folder_of_a_run_is_its_model_and_the_executors_agree()
    {
        // The kernels are slow on the CPU: a small network and few images.
        string data = PartOfDigits.Write(_folder["data"], train: 150, test: 37), run = _folder["run"],
            model = Path.Combine(run, "model.safetensors");
        string[] device = ["--data", data, "--device", "cpu"];
        Assert.Equal(0, CliCall.Run(["train", "--model", "linear(7) > relu > linear(10) > relu", "--epochs", "200", "--out", run,
            "--quiet", .. device]).ExitCode);
        string[] analyze = ["analyze", "--what", "dead-nodes,perturbation,distributions,representation", .. device];
        Assert.Equal(0, CliCall.Run([.. analyze, run, "--out", _folder["simd"]]).ExitCode);
        Assert.Equal(0,
            CliCall.Run([.. analyze, model, "--split", "test", "--executor", "kernels", "--out", _folder["kernels"]]).ExitCode);
        JsonElement simd = Models("simd")[0].GetProperty("runs")[0], kernels = Models("kernels")[0].GetProperty("runs")[0];
        JsonElement OnTest(JsonElement found, string name) =>
            found.GetProperty(name).EnumerateArray().First(part => part.GetProperty("split").GetString() == "test");

        Assert.Equal(2, kernels.GetProperty("activity").GetArrayLength());
        Assert.Equal(4, simd.GetProperty("activity").GetArrayLength());
        Assert.Equal($"{OnTest(simd, "activity").GetProperty("activeSamples")}",
            $"{OnTest(kernels, "activity").GetProperty("activeSamples")}");
        double[] Outputs(JsonElement found) =>
            [.. OnTest(found, "representation").GetProperty("outputs").EnumerateArray().Select(value => value.GetDouble())];
        Assert.All(Outputs(simd).Zip(Outputs(kernels)), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        // One image may fall on the other side of a rounding error.
        int[] Counts(JsonElement found) => [
            .. OnTest(found, "perturbations").GetProperty("correctFromBelow").EnumerateArray().Select(value => value.GetInt32())];
        Assert.All(Counts(simd).Zip(Counts(kernels)), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void The_runs_of_an_experiment_are_put_together_and_its_report_tells_of_them()
    {
        CliResult result = Analyze(experiment.Folder, "--split", "test", "--rare", "0.01,0.05");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string text = File.ReadAllText(Path.Combine(experiment.Folder, "analysis", "analysis.md"));
        Assert.Contains("| ReLU2 | relu, hidden (layer 1) | test | 128 |", text, StringComparison.Ordinal);
        Assert.Contains("| dead | \\< 1 % | \\< 5 % | published |", text, StringComparison.Ordinal);
        Assert.Contains("measures the Mahalanobis distance to its classes", text, StringComparison.Ordinal);

        Assert.Equal(0, CliCall.Run("report", experiment.Folder).ExitCode);
        string page = File.ReadAllText(Path.Combine(experiment.Folder, "report", "report.html"));
        foreach (string section in (string[])["analysis", "analysis-representation", "analysis-theory", "analysis-prototypes",
            "analysis-dead-nodes"])
        {
            Assert.Contains($"<section id=\"{section}\">", page, StringComparison.Ordinal);
        }

        File.WriteAllText(Path.Combine(experiment.Folder, "analysis", "analysis.json"), "{");
        CliResult damaged = CliCall.Run("report", experiment.Folder);
        Assert.Equal(0, damaged.ExitCode);
        Assert.StartsWith("warning: left out: ", Assert.Single(damaged.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"analysis\"", File.ReadAllText(Path.Combine(experiment.Folder, "report", "report.html")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Part_of_an_analysis_done_again_leaves_the_rest_and_no_figure_without_a_place()
    {
        Copy();
        Assert.Equal(0, Analyze(_folder["copy"], "--what", "theory,weights,dead-nodes", "--rare", "0.01,0.05").ExitCode);
        CliResult again = Analyze(_folder["copy"], "--what", "representation");
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Equal(0, CliCall.Run("report", _folder["copy"]).ExitCode);
        string page = File.ReadAllText(_folder["copy/report/report.html"]);
        foreach (string section in (string[])["analysis-representation", "analysis-theory", "analysis-weights",
            "analysis-dead-nodes"])
        {
            Assert.Contains($"<section id=\"{section}\">", page, StringComparison.Ordinal);
        }

        Assert.Contains("&lt; 5 %", page, StringComparison.Ordinal);

        CliResult ofTest = Analyze(_folder["copy"], "--what", "representation", "--split", "test");
        Assert.Equal(0, ofTest.ExitCode);
        Assert.Contains("dead-nodes: it is of other images", ofTest.Error, StringComparison.Ordinal);
        Assert.Equal(0, CliCall.Run("report", _folder["copy"]).ExitCode);
        foreach (string text in (string[])["copy/report/report.md", "copy/analysis/analysis.md"])
        {
            string[] shown = [.. File.ReadAllText(_folder[text]).Split("](figures/").Skip(1)
                .Select(rest => rest[..rest.IndexOf(".png", StringComparison.Ordinal)])];
            string[] files = [.. Directory.GetFiles(Path.Combine(Path.GetDirectoryName(_folder[text])!, "figures"), "*.png")
                .Select(Path.GetFileNameWithoutExtension).OfType<string>()];
            Assert.Equal(shown.Order(), files.Order());
        }
    }

    private void Copy()
    {
        foreach (string file in Directory.GetFiles(experiment.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder["copy"], Path.GetRelativePath(experiment.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [Fact]
    public void A_run_whose_model_is_gone_or_damaged_is_left_out_with_a_warning()
    {
        Copy();
        File.Delete(_folder["copy/ReLU2/0/model.safetensors"]);
        File.WriteAllText(_folder["copy/ReLU2/1/model.safetensors"], "");
        CliResult result = Analyze(_folder["copy"], "--what", "representation", "--out", _folder["left"]);
        Assert.Equal(0, result.ExitCode);
        string[] warnings = result.Error.TrimEnd().Split('\n');
        Assert.Equal(2, warnings.Length);
        Assert.All(warnings, line => Assert.StartsWith("warning: left out: ", line, StringComparison.Ordinal));
        Assert.StartsWith("linear(12)", Assert.Single(Models("left")).GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no such file or folder", "nowhere")]
    [InlineData("holds neither model.safetensors nor experiment.json", ".")]
    [InlineData("\"nodes\" is no analysis", "MODEL", "--what", "nodes")]
    [InlineData("\"2\" is no fraction", "MODEL", "--rare", "2")]
    [InlineData("the hidden layer has 128 nodes; expected 0 to 127", "MODEL", "--node", "128")]
    [InlineData("--split all: expected train, test or both", "MODEL", "--split", "all")]
    [InlineData("is a file; name a folder", "MODEL", "--out", "FILE")]
    public void What_cannot_be_analysed_is_one_line_of_error(string expected, string path, params string[] options)
    {
        File.WriteAllText(_folder["file"], "");
        string Resolve(string text) => text switch { "MODEL" => experiment.Model, "FILE" => _folder["file"], _ => text };
        string[] output = options.Contains("--out") ? [] : ["--out", _folder["out"]];
        CliResult result = Analyze([path == "MODEL" ? experiment.Model : _folder[path], .. options.Select(Resolve), .. output]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out/analysis.json"]));
    }

    [Fact]
    public void An_experiment_is_analysed_on_its_own_data_only()
    {
        IdxBytes.WriteSmallSet(_folder.Path);
        CliResult result = CliCall.Run("analyze", experiment.Folder, "--data", _folder.Path, "--out", _folder["out"], "--device",
            "cpu");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("was trained on digits", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
