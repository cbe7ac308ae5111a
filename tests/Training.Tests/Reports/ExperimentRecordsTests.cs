using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Reports;

public sealed class ExperimentRecordsTests : IDisposable
{
    private const string Network = "linear(4) > abs > linear(10)";

    private readonly StoredExperiment _experiment = new(epochs: 8, runs: 3);

    public void Dispose() => _experiment.Dispose();

    private ModelRecords ReadOnly() => Assert.Single(ExperimentRecords.Read(_experiment.Folder).Models);

    [Fact]
    public void Finished_runs_are_read_with_all_their_figures()
    {
        _experiment.Add("small", Network, 91.25, 92.5, 93.75);
        ModelRecords model = ReadOnly();
        Assert.Equal([0, 1, 2], model.Finished.Select(run => run.Number));
        Assert.Equal([91.25, 92.5, 93.75], model.Finished.Select(run => run.TestAccuracy));
        Assert.Equal((0, 0, 0), (model.Missing, model.Damaged, model.Diverged.Count));

        RunRecord run = model.Finished[1];
        string[] lines = File.ReadAllLines(_experiment.MetricsOf("small", 1));
        Assert.Equal(lines.Skip(1).Select(line => line.Split(',')[1]), run.Losses.Select(loss => $"{loss:R}"));
        Assert.Equal(lines.Skip(1).Select(line => line.Split(',')[3]), run.TestAccuracies.Select(accuracy => $"{accuracy:F4}"));
        Assert.Equal((4.5, "test, simd executor, 1 thread"), (run.Seconds, run.Device));
    }

    [Fact]
    public void A_test_accuracy_that_was_not_measured_is_no_number()
    {
        _experiment.Add("small", Network, 91.25);
        string path = _experiment.MetricsOf("small", 0);
        string[] lines = File.ReadAllLines(path);
        for (int epoch = 1; epoch < 8; epoch += 2)
        {
            string[] fields = lines[epoch + 1].Split(',');
            lines[epoch + 1] = $"{fields[0]},{fields[1]},{fields[2]},,{fields[4]}";
        }
        File.WriteAllLines(path, lines);
        double[] accuracies = ReadOnly().Finished[0].TestAccuracies;
        Assert.Equal([1, 3, 5, 7], Enumerable.Range(0, 9).Where(epoch => double.IsNaN(accuracies[epoch])));
    }

    [Fact]
    public void Thinned_metrics_are_read_with_gaps_where_the_run_says_that_they_were_thinned()
    {
        _experiment.Add("small", Network, 91.25, 92.5, 93.75);
        RunRecord whole = ReadOnly().Finished[1];
        string path = _experiment.MetricsOf("small", 1), description = _experiment["small/1/run.json"];
        File.WriteAllBytes(path, MetricsText.Thin(File.ReadAllBytes(path), every: 3));
        AssertOnlyRun1IsLost("where the figures of epoch 4 are expected");

        JsonNode json = JsonNode.Parse(File.ReadAllText(description))!;
        json["isThinned"] = true;
        File.WriteAllText(description, json.ToJsonString());
        RunRecord thinned = ReadOnly().Finished[1];
        int[] kept = [0, 1, 2, 3, 6, 8];
        Assert.Equal(
            Enumerable.Range(0, 9).Select(epoch => kept.Contains(epoch) ? whole.Losses[epoch] : double.NaN), thinned.Losses);
        Assert.Equal(kept.Select(epoch => whole.TestAccuracies[epoch]), kept.Select(epoch => thinned.TestAccuracies[epoch]));

        string[] lines = File.ReadAllLines(path);
        foreach (var (changed, problem) in ((string[], string)[])[
            (lines[..^1], "metrics.csv: ends with epoch 6; expected 8"),
            ([.. lines[..3], lines[4], .. lines[3..]], "metrics.csv: line 5 is \"2,"),
            ([.. lines[..^1], "2000000000,0.2,90,92.5,0.5"], "metrics.csv: ends with epoch 6; expected 8")])
        {
            File.WriteAllLines(path, changed);
            AssertOnlyRun1IsLost(problem);
        }
    }

    [Fact]
    public void A_run_whose_metrics_or_model_were_changed_is_left_out_with_the_reason_and_without_a_model_it_is_read()
    {
        _experiment.Add("small", Network, 91, 92, 93, 94);
        for (int run = 0; run < 4; run++)
        {
            string path = _experiment[$"small/{run}/run.json"], model = _experiment[$"small/{run}/model.safetensors"];
            File.WriteAllText(model, "saved");
            JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
            json["sha256"] = new JsonObject
            {
                ["metrics.csv"] = Convert.ToHexStringLower(
                    SHA256.HashData(File.ReadAllBytes(_experiment.MetricsOf("small", run)))),
                ["model.safetensors"] = Convert.ToHexStringLower(SHA256.HashData("saved"u8)),
            };
            File.WriteAllText(path, json.ToJsonString());
        }
        File.WriteAllText(_experiment.MetricsOf("small", 0),
            File.ReadAllText(_experiment.MetricsOf("small", 0)).Replace("\n", "\r\n", StringComparison.Ordinal));
        File.WriteAllText(_experiment.MetricsOf("small", 1),
            File.ReadAllText(_experiment.MetricsOf("small", 1)).Replace(",0.5", ",0.6", StringComparison.Ordinal));
        File.WriteAllText(_experiment["small/2/model.safetensors"], "other");
        File.Delete(_experiment["small/3/model.safetensors"]);

        ExperimentRecords records = ExperimentRecords.Read(_experiment.Folder);
        Assert.Equal([0, 3], Assert.Single(records.Models).Finished.Select(run => run.Number));
        Assert.Collection(records.Problems,
            problem => Assert.StartsWith(
                $"{_experiment["small/1"]}: metrics.csv was changed since (", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith($"{_experiment["small/2"]}: model.safetensors is not the one that the training saved (",
                problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_went_on_beyond_the_experiments_epochs_says_so()
    {
        _experiment.Add("small", Network, 90, 91, 92);
        string path = _experiment["small/1/run.json"];
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        json["final"]!["epoch"] = 9;
        json["options"]!["epochs"] = 9;
        File.WriteAllText(path, json.ToJsonString());
        AssertOnlyRun1IsLost("run.json: was trained for 9 epochs where experiment.json has 8");
    }

    [Fact]
    public void Every_folder_with_a_number_is_a_run_and_no_other()
    {
        _experiment.Add("small", Network, 90);
        _experiment.WriteRun("small", Network, run: 12, 91);
        Directory.Move(_experiment["small/12"], _experiment["small/0012"]);
        _experiment.WriteRun("small", Network, run: 5, 92);
        Directory.Move(_experiment["small/5"], _experiment["small/5-old"]);
        File.WriteAllText(_experiment["small/7"], "a file");
        Assert.Equal([0, 12], ReadOnly().Finished.Select(run => run.Number));
    }

    [Fact]
    public void Runs_that_have_not_ended_are_counted()
    {
        _experiment.Add("small", Network, 90);
        _experiment.WriteRun("small", Network, run: 1, 91, outcome: "running");
        File.Delete(_experiment.MetricsOf("small", 1));
        Directory.CreateDirectory(_experiment["small/2"]);
        _experiment.Add("none", "linear(10)");
        ExperimentRecords records = ExperimentRecords.Read(_experiment.Folder);
        Assert.Equal([2, 3], records.Models.Select(model => model.Missing));
        Assert.Equal(["small"], records.FinishedModels.Select(model => model.Name));
        Assert.Null(records.Find("none"));
        Assert.Empty(records.Problems);

        _experiment.WriteRun("small", Network, run: 1, 91, outcome: "interrupted");
        Assert.Equal(2, ExperimentRecords.Read(_experiment.Folder).Models[0].Missing);
    }

    [Fact]
    public void Runs_that_diverged_are_noted_with_their_reason()
    {
        _experiment.Add("small", Network, 90, 91);
        _experiment.WriteRun("small", Network, run: 2, 0, outcome: "diverged", reason: "the loss of epoch 3 is NaN");
        ModelRecords model = ReadOnly();
        Assert.Equal(2, model.Finished.Count);
        Assert.Equal((2, "the loss of epoch 3 is NaN"), (model.Diverged.Single().Key, model.Diverged.Single().Value));
        Assert.Equal(0, model.Missing);
    }

    [Theory]
    [InlineData("metrics.csv", "", "metrics.csv: 0 lines where a header and epochs 0 to 8 make 10")]
    [InlineData("metrics.csv", "epoch,loss\n0,1\n",
        "metrics.csv: begins with \"epoch,loss\" where \"epoch,loss,train_accuracy,test_acc")]
    [InlineData("metrics.csv", null, "metrics.csv: cannot be read: ")]
    [InlineData("run.json", "", "run.json: is damaged or not of this program: ")]
    [InlineData("run.json", "{\"model\":\"linear(10)\"", "run.json: is damaged or not of this program: ")]
    [InlineData("run.json", "null", "run.json: is damaged or not of this program: it is null")]
    [InlineData("run.json", "{\"model\":\"linear(10)\"}", " is missing")]
    public void A_damaged_file_costs_its_run_and_is_reported_in_one_line(string file, string? content, string expected)
    {
        _experiment.Add("small", Network, 90, 91, 92);
        string path = _experiment[$"small/1/{file}"];
        File.Delete(path);
        if (content is not null)
            File.WriteAllText(path, content);
        AssertOnlyRun1IsLost(expected);
    }

    [Theory]
    [InlineData(9, null, "metrics.csv: 9 lines where a header and epochs 0 to 8 make 10")]
    [InlineData(9, "8,0.2,9", "metrics.csv: line 10 is \"8,0.2,9\" where the figures of epoch 8 are expected (epoch,loss,")]
    [InlineData(9, "9,0.2,90,91,0.5", "metrics.csv: line 10 is \"9,0.2,90,91,0.5\" where the figures of epoch 8 are expected")]
    [InlineData(9, "8,NaN,90,91,0.5", "metrics.csv: line 10 is \"8,NaN,90,91,0.5\" where")]
    [InlineData(9, "8,0.2,90,910,0.5", "metrics.csv: line 10 is \"8,0.2,90,910,0.5\" where")]
    [InlineData(9, "8,0.2,90,,0.5", "run.json: the final test accuracy is 91, but NaN in metrics.csv")]
    [InlineData(9, "8,0.2,90,90.9,0.5", "run.json: the final test accuracy is 91, but 90.9 in metrics.csv")]
    [InlineData(3, "2,0.2\0\0\0", "metrics.csv: line 4 is \"2,0.2\0\0\0\" where the figures of epoch 2 are expected")]
    public void A_truncated_or_altered_line_of_metrics_is_found(int line, string? content, string expected)
    {
        _experiment.Add("small", Network, 90, 91, 92);
        string path = _experiment.MetricsOf("small", 1);
        List<string> lines = [.. File.ReadAllLines(path)];
        lines.RemoveAt(line);
        if (content is not null)
            lines.Insert(line, content);
        File.WriteAllLines(path, lines);
        AssertOnlyRun1IsLost(expected);
    }

    [Theory]
    [InlineData(Network, "linear(4) > relu > linear(10)",
        "trained linear(4) > relu > linear(10) where experiment.json has linear(4) > abs > linear(10)")]
    [InlineData(Network, "linear(5) > abs > linear(10)", "parameters is 310, but linear(5) > abs > linear(10) has 385")]
    [InlineData("\"shift\":0", "\"shift\":1", "trained on other data than experiment.json names")]
    [InlineData("0123456789abcdef0", "0123456789abcdef1", "trained on other data than experiment.json names")]
    [InlineData("\"epoch\":8", "\"epoch\":7", "it is completed after 7 epochs, but was to have 8")]
    public void A_run_of_something_else_is_left_out(string found, string replaced, string expected)
    {
        _experiment.Add("small", Network, 90, 91, 92);
        string path = _experiment["small/1/run.json"];
        // The JSON writer of the test escapes ">".
        File.WriteAllText(path, File.ReadAllText(path).Replace(@"\u003E", ">").Replace(found, replaced));
        AssertOnlyRun1IsLost(expected);
    }

    private void AssertOnlyRun1IsLost(string expected)
    {
        ExperimentRecords records = ExperimentRecords.Read(_experiment.Folder);
        string problem = Assert.Single(records.Problems);
        Assert.StartsWith(_experiment["small/1"], problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.Equal([0, 2], records.Models[0].Finished.Select(run => run.Number));
        Assert.Equal((1, 0), (records.Models[0].Damaged, records.Models[0].Missing));
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "has format 2; this version of the program reads format 1")]
    [InlineData("\"runs\":3", "\"runs\":0", "runs is 0; expected a whole number from 1 to 1000000")]
    [InlineData("\"epochs\":8", "\"epochs\":-1", "epochs is -1; expected a whole number from 0")]
    [InlineData("\"folder\":\"small\"", "\"folder\":\"../small\"",
        "the folder of small is \"../small\"; expected the name of a folder in this one")]
    [InlineData("\"folder\":\"small\"", "\"folder\":\"\"", "the folder of small is \"\"")]
    [InlineData("\"name\":\"small\"", "\"name\":null", "is damaged or not of this program")]
    [InlineData("\"epochs\":8", "\"epochs\":\"many\"", "is damaged or not of this program")]
    [InlineData("{", "", "is damaged or not of this program")]
    public void A_description_that_cannot_be_used_is_refused_in_one_line(string found, string replaced, string expected)
    {
        _experiment.Add("small", Network, 90);
        string path = _experiment["experiment.json"], text = File.ReadAllText(path);
        int at = text.IndexOf(found, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + replaced + text[(at + found.Length)..]);
        AssertRefused(_experiment.Folder, $"{path}: ", expected);
    }

    [Fact]
    public void A_model_named_twice_is_refused()
    {
        _experiment.Add("small", Network).Add("small", Network);
        AssertRefused(_experiment.Folder, "names the model or folder small twice");
    }

    [Fact]
    public void A_folder_that_is_no_experiment_is_refused_with_advice()
    {
        _experiment.Add("small", Network, 90);
        AssertRefused(_experiment["nowhere"], "there is no such folder", "name the folder of an experiment or of a run");
        AssertRefused(_experiment["experiment.json"], "is a file", "name the folder of an experiment or of a run");
        AssertRefused(_experiment["small"], "holds neither experiment.json nor run.json");
    }

    private static void AssertRefused(string folder, params string[] expected)
    {
        string message = Assert.Throws<InputException>(() => ExperimentRecords.Read(folder)).Message;
        Assert.All(expected, text => Assert.Contains(text, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }
}
