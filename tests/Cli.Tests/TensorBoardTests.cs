using System.Globalization;
using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class TensorBoardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CliResult Train(int epochs, params string[] arguments) => CliCall.Run(
        ["train", "--dataset", "digits", "--device", "cpu", "--model", "linear(5) > abs > linear(10)", "--eval-every", "4",
            "--epochs", $"{epochs}", "--tensorboard", _folder["events"], .. arguments]);

    [SkippableFact]
    public void The_events_of_a_training_and_of_its_resumption_are_the_rows_of_its_metrics()
    {
        CliResult begun = Train(6, "--out", _folder["run"]);
        Assert.Equal((0, ""), (begun.ExitCode, begun.Error));
        Assert.Contains(
            $"\ntensorboard --logdir {_folder["events"]} shows the training\n", begun.Output, StringComparison.Ordinal);
        Assert.Equal(0, Train(10, "--out", _folder["run"], "--resume", "--tensorboard-every", "5").ExitCode);
        JsonElement? read = TensorBoardEvents.Read(_folder["events"]);
        Skip.If(read is null, TensorBoardEvents.WhyMissing);
        JsonElement events = read!.Value;

        string[][] rows = [.. File.ReadLines(_folder["run/metrics.csv"]).Skip(1).Select(line => line.Split(','))];
        Assert.Equal(11, rows.Length);
        foreach (var (column, tag) in new[] { (1, "loss"), (2, "accuracy/training"), (3, "accuracy/test") })
        {
            Dictionary<int, double> numbers = events.Numbers(tag);
            string[][] measured = [.. rows.Where(row => row[column].Length > 0)];
            Assert.Equal(measured.Length, numbers.Count);
            foreach (string[] row in measured)
            {
                Assert.Equal(
                    double.Parse(row[column], CultureInfo.InvariantCulture),
                    numbers[int.Parse(row[0], CultureInfo.InvariantCulture)], 1e-4);
            }
        }
        // Every tenth of the first part, of which the sixth is no longer the last, and every fifth of the second.
        Assert.Equal(
            ["0", "10"], events.GetProperty("histograms").GetProperty("parameters/2.weight").EnumerateObject()
                .Select(step => step.Name));
        // The parameters after the last epoch are those of the model.
        byte[] model = File.ReadAllBytes(_folder["run/model.safetensors"]);
        int header = (int)BitConverter.ToInt64(model);
        using var description = JsonDocument.Parse(model.AsMemory(8, header));
        int[] place = [.. description.RootElement.GetProperty("2.weight").GetProperty("data_offsets").EnumerateArray()
            .Select(offset => offset.GetInt32())];
        double[] weights = [.. Enumerable.Range(0, (place[1] - place[0]) / 4)
            .Select(i => (double)BitConverter.ToSingle(model, 8 + header + place[0] + 4 * i))];
        JsonElement last = events.GetProperty("histograms").GetProperty("parameters/2.weight").GetProperty("10");
        Assert.Equal(weights.Length, last.GetProperty("num").GetDouble());
        Assert.Equal(weights.Sum(), last.GetProperty("sum").GetDouble(), 1e-9);
    }

    [Fact]
    public void Another_training_needs_another_folder_or_force()
    {
        Assert.Equal(0, Train(1).ExitCode);
        CliResult again = Train(1);
        Assert.Equal((2, ""), (again.ExitCode, again.Output));
        Assert.EndsWith("; name another folder with --tensorboard, or replace them with --force\n", again.Error,
            StringComparison.Ordinal);
        Assert.Equal(0, Train(1, "--force").ExitCode);
        Assert.Single(Directory.GetFiles(_folder["events"]));
    }

    [Fact]
    public void What_resume_begins_does_not_join_another_training()
    {
        Assert.Equal(0, Train(1).ExitCode);
        CliResult result = Train(1, "--out", _folder["new"], "--resume");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(": holds the events of a training already (", result.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder["events"]));
        Assert.False(Directory.Exists(_folder["new"]));
    }

    [SkippableFact]
    public void A_run_that_goes_on_with_events_has_those_of_its_earlier_epochs_too()
    {
        string[] run = ["train", "--dataset", "digits", "--device", "cpu", "--model", "linear(5) > abs > linear(10)",
            "--out", _folder["run"], "--epochs"];
        Assert.Equal(0, CliCall.Run([.. run, "3"]).ExitCode);
        Assert.Equal(0, CliCall.Run([.. run, "5", "--resume", "--tensorboard", _folder["events"]]).ExitCode);
        JsonElement? read = TensorBoardEvents.Read(_folder["events"]);
        Skip.If(read is null, TensorBoardEvents.WhyMissing);
        string[][] rows = [.. File.ReadLines(_folder["run/metrics.csv"]).Skip(1).Select(line => line.Split(','))];
        foreach (var (column, tag) in new[] { (1, "loss"), (2, "accuracy/training"), (4, "seconds") })
        {
            Dictionary<int, double> numbers = read!.Value.Numbers(tag);
            Assert.Equal([0, 1, 2, 3, 4, 5], numbers.Keys.Order());
            Assert.All(rows, row => Assert.Equal(
                double.Parse(row[column], CultureInfo.InvariantCulture),
                numbers[int.Parse(row[0], CultureInfo.InvariantCulture)], 1e-4));
        }
    }

    [Fact]
    public void An_interval_without_a_folder_is_refused()
    {
        CliResult result = CliCall.Run("train", "--epochs", "1", "--dataset", "digits", "--tensorboard-every", "5");
        Assert.Equal(
            (2, "error: --tensorboard-every: name the folder of the events with --tensorboard\n"),
            (result.ExitCode, result.Error));
    }

    [Fact]
    public void Histograms_are_at_least_an_epoch_apart()
    {
        CliResult result = Train(1, "--tensorboard-every", "0");
        Assert.Equal((2, "error: --tensorboard-every 0: expected 1 or more\n"), (result.ExitCode, result.Error));
        Assert.False(Directory.Exists(_folder["events"]));
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        File.WriteAllText(_folder["events"], "");
        CliResult result = Train(1);
        Assert.Equal(
            (2, $"error: {_folder["events"]}: is a file; name a folder with --tensorboard\n"), (result.ExitCode, result.Error));
    }
}
