using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class EvaluateVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model => _folder["run/model.safetensors"];

    private void Train(params string[] arguments)
    {
        CliResult result = CliCall.Run(
            ["train", "--dataset", "digits", "--device", "cpu", "--epochs", "50", "--out", _folder["run"], "--quiet",
                .. arguments]);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private CliResult Evaluate(params string[] arguments) =>
        CliCall.Run(["evaluate", Model, "--dataset", "digits", "--device", "cpu", .. arguments]);

    private JsonElement EvaluateJson(params string[] arguments)
    {
        CliResult result = Evaluate([.. arguments, "--json"]);
        Assert.Equal(0, result.ExitCode);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private double TrainedTestAccuracy() =>
        JsonDocument.Parse(File.ReadAllText(_folder["run/run.json"])).RootElement.GetProperty("final").GetProperty("testAccuracy")
            .GetDouble();

    [Theory]
    [InlineData("raw")]
    [InlineData("standardized")]
    public void The_test_accuracy_of_the_training_comes_out_with_the_scaling_of_the_training(string scaling)
    {
        Train("--input-scale", scaling, "--lr", scaling == "raw" ? "0.001" : "0.1");
        Assert.Equal(TrainedTestAccuracy(), EvaluateJson().GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.NotEqual(TrainedTestAccuracy(), EvaluateJson("--input-scale", "unit").GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public void The_loss_on_the_training_images_is_that_of_the_next_row()
    {
        Train();
        CliResult next = CliCall.Run(
            "train", "--dataset", "digits", "--device", "cpu", "--epochs", "0", "--init", Model, "--out", _folder["next"],
            "--quiet");
        Assert.Equal(0, next.ExitCode);
        string[] row = File.ReadAllLines(_folder["next/metrics.csv"])[1].Split(',');
        JsonElement evaluation = EvaluateJson("--split", "train");
        Assert.Equal(1442, evaluation.GetProperty("count").GetInt32());
        Assert.Equal(double.Parse(row[1], CultureInfo.InvariantCulture), evaluation.GetProperty("loss").GetDouble(), 1e-5);
        Assert.Equal(double.Parse(row[2], CultureInfo.InvariantCulture), evaluation.GetProperty("accuracy").GetDouble(), 1e-4);
    }

    [Fact]
    public void The_table_and_the_json_count_every_image_once()
    {
        Train();
        JsonElement[] classes = [.. EvaluateJson().GetProperty("classes").EnumerateArray()];
        Assert.Equal(10, classes.Length);
        Assert.Equal(355, classes.Sum(c => c.GetProperty("predicted").EnumerateArray().Sum(count => count.GetInt32())));

        CliResult text = Evaluate();
        Assert.Empty(text.Error);
        Assert.Contains($"\ntest {TrainedTestAccuracy():0.00} %  loss ", text.Output, StringComparison.Ordinal);
        string[] rows = [.. text.Output.Split('\n')
            .Where(line => line.Contains(" % ", StringComparison.Ordinal) && line.StartsWith(' '))];
        Assert.Equal(10, rows.Length);
        string[] zero = rows[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(classes[0].GetProperty("predicted").EnumerateArray().Select(count => $"{count}"), zero[4..]);
    }

    [Fact]
    public void The_logits_are_written_with_their_labels()
    {
        Train();
        JsonElement evaluation = EvaluateJson("--logits", _folder["logits.csv"]);
        string[] lines = File.ReadAllLines(_folder["logits.csv"]);
        Assert.Equal("index,label,logit_0,logit_1,logit_2,logit_3,logit_4,logit_5,logit_6,logit_7,logit_8,logit_9", lines[0]);
        Assert.Equal(356, lines.Length);
        int correct = lines.Skip(1).Count(line =>
        {
            double[] fields = [.. line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            return Array.IndexOf(fields[2..], fields[2..].Max()) == (int)fields[1];
        });
        Assert.Equal(evaluation.GetProperty("correct").GetInt32(), correct);
    }

    [Fact]
    public void A_model_named_on_the_command_line_must_be_the_one_in_the_file()
    {
        Train();
        Assert.Equal(TrainedTestAccuracy(), EvaluateJson("--model", "abs-l2-neg").GetProperty("accuracy").GetDouble(), 1e-9);
        CliResult wrong = Evaluate("--model", "ReLU");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("lacks 2.weight", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_changed_beside_its_description_is_refused_and_one_whose_loss_is_no_number_is_an_error()
    {
        Train();
        byte[] saved = File.ReadAllBytes(Model);
        // The highest bits of the last value's exponent: it becomes huge, but stays finite.
        File.WriteAllBytes(Model, [.. saved[..^4], 0, 0, 0, 0x7f]);
        CliResult changed = Evaluate();
        Assert.Equal((2, ""), (changed.ExitCode, changed.Output));
        Assert.StartsWith($"error: {_folder["run"]}: model.safetensors is not the one that the training saved (", changed.Error,
            StringComparison.Ordinal);

        File.Delete(_folder["run/run.json"]);
        foreach (string json in (string[])["", "--json"])
        {
            CliResult infinite = Evaluate([.. json.Length == 0 ? (string[])[] : [json]]);
            Assert.Equal((2, ""), (infinite.ExitCode, infinite.Output));
            Assert.Matches("^error: .*model.safetensors: the loss on the test images is (NaN|Infinity): ", infinite.Error);
        }
    }

    [Fact]
    public void A_description_that_does_not_tell_which_model_was_saved_is_a_warning()
    {
        Train();
        JsonNode run = JsonNode.Parse(File.ReadAllText(_folder["run/run.json"]))!;
        run["sha256"] = null;
        File.WriteAllText(_folder["run/run.json"], run.ToJsonString());
        CliResult result = Evaluate();
        Assert.Equal(
            (0, $"warning: {_folder["run"]}: run.json has no SHA-256 of model.safetensors: " +
                "nothing tells whether it is the one that the training saved\n"),
            (result.ExitCode, result.Error));
    }

    [Fact]
    public void Data_of_another_size_are_refused()
    {
        Train();
        IdxBytes.WriteSmallSet(_folder.Path);
        CliResult result = CliCall.Run("evaluate", Model, "--data", _folder.Path);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("was trained on digits with 64 inputs and 10 classes, but ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_whose_outputs_are_the_same_for_all_images_is_called_dead()
    {
        CliResult trained = CliCall.Run(
            "train", "--model", "ReLU", "--lr", "1000", "--dataset", "digits", "--device", "cpu", "--epochs", "20", "--out",
            _folder["run"], "--quiet");
        Assert.Contains("warning: the network is dead", trained.Error, StringComparison.Ordinal);
        CliResult result = Evaluate("--split", "train", "--json");
        Assert.Equal((0, "warning: the network is dead: its outputs are the same for all training images\n"),
            (result.ExitCode, result.Error));
    }

    [Fact]
    public void A_folder_above_runs_is_refused_with_the_name_of_a_run_in_it()
    {
        Train();
        string run = Path.Combine(_folder["experiment"], "Abs", "0");
        Directory.CreateDirectory(Path.GetDirectoryName(run)!);
        Directory.Move(_folder["run"], run);
        string[] train = ["train", "--dataset", "digits", "--device", "cpu", "--epochs", "0", "--quiet", "--init"];
        foreach (string[] command in (string[][])[["evaluate"], train])
        {
            foreach (string folder in (string[])[_folder["experiment"], Path.GetDirectoryName(run)!])
            {
                CliResult result = CliCall.Run([.. command, folder]);
                Assert.Equal((2, ""), (result.ExitCode, result.Output));
                Assert.Equal($"error: {folder}: is a folder where a file is expected; name a run in it, e.g. {run}\n",
                    result.Error);
            }
            Assert.Equal(0, CliCall.Run([.. command, run]).ExitCode);
        }
        CliResult empty = CliCall.Run("evaluate", Directory.CreateDirectory(_folder["empty"]).FullName);
        Assert.EndsWith("there is no model.safetensors in it; name a safetensors file or the folder of a run\n", empty.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_a_damaged_and_an_unnamed_file_are_refused()
    {
        Assert.Equal(2, Evaluate().ExitCode);
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(Model, "not a model");
        CliResult damaged = Evaluate();
        Assert.Equal(2, damaged.ExitCode);
        Assert.Contains("not a valid safetensors file", damaged.Error, StringComparison.Ordinal);
        Assert.Equal(2, CliCall.Run("evaluate").ExitCode);
    }
}
