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
