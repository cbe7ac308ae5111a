using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class TrainedDataTests : IDisposable
{
    private const string OfTraining = "built into the program, as in the training\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model => _folder["run/model.safetensors"];

    private void Train(params string[] arguments)
    {
        CliResult result =
            CliCall.Run(["train", "--device", "cpu", "--epochs", "1", "--out", _folder["run"], "--quiet", .. arguments]);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Runs_and_experiments_are_looked_at_on_the_data_of_their_training_where_nobody_names_other()
    {
        // Swapped, so that the name of the data alone does not say it all.
        string[] data = ["--dataset", "digits", "--transpose", "--classes", "12"];
        Train(data);
        CliResult reproduced = CliCall.Run(
            ["reproduce", "--models", "ReLU", "--runs", "1", "--epochs", "1", "--device", "cpu", "--out", _folder["all"],
                "--quiet", .. data]);
        Assert.Equal(0, reproduced.ExitCode);

        CliResult ofFolder = CliCall.Run("evaluate", _folder["run"]), ofFile = CliCall.Run("evaluate", Model);
        Assert.Equal((0, 0), (ofFolder.ExitCode, ofFile.ExitCode));
        Assert.Contains(OfTraining, ofFolder.Output, StringComparison.Ordinal);
        Assert.Contains("digits, transposed: 1,442 training", ofFile.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("MNIST", ofFolder.Error + ofFile.Error, StringComparison.Ordinal);
        foreach (string path in (string[])[_folder["run"], _folder["all"]])
        {
            CliResult analysed = CliCall.Run("analyze", path, "--what", "dead-nodes", "--device", "cpu");
            Assert.Equal(0, analysed.ExitCode);
            Assert.Contains(OfTraining, analysed.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Data_named_by_a_relative_path_is_found_from_another_folder()
    {
        IdxBytes.WriteSmallSet(Directory.CreateDirectory(_folder["own"]).FullName);
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder["own"]);
        Train("--data", relative);
        using JsonDocument run = JsonDocument.Parse(File.ReadAllText(_folder["run/run.json"]));
        Assert.Equal(_folder["own"], run.RootElement.GetProperty("data").GetProperty("location").GetString());
        // This starts in a folder of its own.
        Assert.Equal(0, CliProcess.Run("evaluate", _folder["run"], "--device", "cpu").ExitCode);
    }

    [Fact]
    public void A_model_by_itself_names_its_data_and_what_cannot_fit_it_is_refused_without_a_download()
    {
        Train("--dataset", "digits");
        File.Move(Model, _folder["alone.safetensors"]);
        CliResult alone = CliCall.Run("evaluate", _folder["alone.safetensors"]);
        Assert.Equal((0, ""), (alone.ExitCode, alone.Error));
        Assert.Contains("\ndigits: ", alone.Output, StringComparison.Ordinal);

        CliResult wrong = CliCall.Run("analyze", _folder["alone.safetensors"], "--dataset", "mnist");
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Equal(
            "error: MNIST has 784 pixels and 10 classes, but the network has 64 inputs and 10 classes; " +
            "choose fitting data with --dataset or --data\n", wrong.Error);
    }

    [Fact]
    public void Data_of_a_training_that_is_gone_or_was_changed_is_not_replaced_by_other()
    {
        string data = Directory.CreateDirectory(_folder["own"]).FullName;
        IdxBytes.WriteSmallSet(data);
        Train("--data", data);
        CliResult there = CliCall.Run("evaluate", _folder["run"]);
        Assert.Equal(0, there.ExitCode);
        Assert.Contains($"from {data}, as in the training\n", there.Output, StringComparison.Ordinal);

        string labels = Path.Combine(data, "t10k-labels-idx1-ubyte");
        byte[] changed = File.ReadAllBytes(labels);
        changed[^1] = (byte)(changed[^1] == 0 ? 1 : 0);
        File.WriteAllBytes(labels, changed);
        CliResult other = CliCall.Run("evaluate", _folder["run"]);
        Assert.Equal((2, ""), (other.ExitCode, other.Output));
        Assert.Contains($"was trained on own from {data}, and the data here is own from {data}; choose the data", other.Error,
            StringComparison.Ordinal);
        Assert.Equal(0, CliCall.Run("evaluate", _folder["run"], "--data", data).ExitCode);

        Directory.Delete(data, recursive: true);
        CliResult gone = CliCall.Run("evaluate", _folder["run"]);
        Assert.Equal((2, ""), (gone.ExitCode, gone.Output));
        Assert.Equal(
            $"error: {Model}: was trained on own from {data}, which no longer holds it; name its folder with --data\n",
            gone.Error);
    }
}
