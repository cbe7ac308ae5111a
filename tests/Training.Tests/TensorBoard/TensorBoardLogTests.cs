using System.Text.Json;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.TensorBoard;

namespace IlgpuDistance.Training.Tests.TensorBoard;

public sealed class TensorBoardLogTests : IDisposable
{
    private const int Epochs = 9;

    private static readonly NetworkPlan Plan = NetworkPlan.Compile(Network.Parse("linear(37) > offset-l2(3)"), 5, 3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static EpochRecord Record(int epoch, double loss) =>
        new(epoch, loss, 10 + epoch, epoch % 3 == 0 ? 20 + epoch : null, 0.5);

    /// <summary>Values of all sizes, not evenly spread; those of an epoch are its own.</summary>
    private static float[] Parameters(int epoch) => [.. Enumerable.Range(0, Plan.ParameterCount)
        .Select(i => MathF.Sin(i * i + epoch) * MathF.Exp(i % 7 - 4))];

    private EventFolder Take(bool joins = true, bool replaces = false) => EventFolder.Take(_folder["events"], joins, replaces);

    private void Write(int first, int last, double loss, int every = 4, bool replaces = false, int earlier = 0)
    {
        using EventFolder folder = Take(replaces: replaces);
        IEnumerable<EpochRecord> before = Enumerable.Range(0, earlier).Select(epoch => Record(epoch, 50 + epoch));
        using var log = TensorBoardLog.Begin(folder, Plan, every, Epochs, first, before);
        for (int epoch = first; epoch <= last; epoch++)
        {
            int current = epoch;
            log.Append(Record(epoch, loss + epoch), () => Parameters(current));
        }
        log.Flush();
    }

    private JsonElement Read()
    {
        JsonElement? events = TensorBoardEvents.Read(_folder["events"]);
        Skip.If(events is null, TensorBoardEvents.WhyMissing);
        return events!.Value;
    }

    [SkippableFact]
    public void Every_epoch_has_its_figures_and_some_have_histograms()
    {
        Write(0, Epochs, 0.25);
        JsonElement events = Read();
        Assert.Equal(Enumerable.Range(0, 10).ToDictionary(epoch => epoch, epoch => 0.25 + epoch), events.Numbers("loss"));
        Assert.Equal(
            Enumerable.Range(0, 10).ToDictionary(epoch => epoch, epoch => 10.0 + epoch), events.Numbers("accuracy/training"));
        Assert.Equal(
            new Dictionary<int, double> { [0] = 20, [3] = 23, [6] = 26, [9] = 29 }, events.Numbers("accuracy/test"));
        Assert.All(events.Numbers("seconds").Values, seconds => Assert.Equal(0.5, seconds));
        JsonElement histograms = events.GetProperty("histograms");
        Assert.Equal(
            ["parameters/0.weight", "parameters/0.bias", "parameters/1.mu", "parameters/1.alpha"],
            histograms.EnumerateObject().Select(tag => tag.Name));
        Assert.All(histograms.EnumerateObject(), tag =>
            Assert.Equal(["0", "4", "8", "9"], tag.Value.EnumerateObject().Select(step => step.Name)));
    }

    [SkippableFact]
    public void A_histogram_counts_every_value_once()
    {
        Write(8, 8, 0);
        foreach (ParameterTensor tensor in Plan.Tensors)
        {
            double[] values = [.. Parameters(8).Skip(tensor.Offset).Take(tensor.Count).Select(value => (double)value)];
            JsonElement found = Read().GetProperty("histograms").GetProperty($"parameters/{tensor.Name}").GetProperty("8");
            double[] Of(string name) => [.. found.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
            Assert.Equal(values.Min(), found.GetProperty("min").GetDouble());
            Assert.Equal(values.Max(), found.GetProperty("max").GetDouble());
            Assert.Equal(values.Length, found.GetProperty("num").GetDouble());
            Assert.Equal(values.Sum(), found.GetProperty("sum").GetDouble(), 1e-9);
            Assert.Equal(values.Sum(value => value * value), found.GetProperty("squares").GetDouble(), 1e-9);
            double[] limits = Of("limits");
            Assert.Equal(30, limits.Length);
            Assert.Equal(values.Max(), limits[^1]);
            Assert.Equal(
                limits.Select((limit, i) => (double)values.Count(
                    value => value <= limit && (i == 0 || value > limits[i - 1]))),
                Of("counts"));
        }
    }

    [SkippableFact]
    public void Values_that_are_equal_or_not_finite_make_no_histogram_that_cannot_be_shown()
    {
        using (EventFolder folder = Take())
        using (var log = TensorBoardLog.Begin(folder, Plan, 1, 1, 1))
        {
            float[] parameters = new float[Plan.ParameterCount];
            Array.Fill(parameters, 2);
            Array.Fill(parameters, float.NaN, Plan.Tensors[1].Offset, Plan.Tensors[1].Count);
            parameters[0] = float.PositiveInfinity;
            log.Append(Record(1, double.PositiveInfinity) with { Loss = 7 }, () => parameters);
            log.Flush();
        }
        JsonElement histograms = Read().GetProperty("histograms");
        Assert.False(histograms.TryGetProperty("parameters/0.bias", out _));
        JsonElement weights = histograms.GetProperty("parameters/0.weight").GetProperty("1");
        Assert.Equal("[2.0]", weights.GetProperty("limits").GetRawText());
        Assert.Equal($"[{Plan.Tensors[0].Count - 1}.0]", weights.GetProperty("counts").GetRawText());
    }

    [SkippableFact]
    public void A_training_that_goes_on_replaces_what_was_trained_behind_its_checkpoint()
    {
        Write(0, 7, loss: 100);
        Write(5, Epochs, loss: 200);
        Assert.Equal(2, Events().Length);
        Assert.Equal(
            Enumerable.Range(0, 10).ToDictionary(epoch => epoch, epoch => epoch + (epoch < 5 ? 100.0 : 200)),
            Read().Numbers("loss"));
    }

    [SkippableFact]
    public void A_training_that_went_without_events_has_the_figures_of_its_earlier_epochs_in_an_empty_folder_only()
    {
        Write(5, 7, loss: 100, earlier: 6);
        var shown = Enumerable.Range(0, 8).ToDictionary(epoch => epoch, epoch => epoch + (epoch < 5 ? 50.0 : 100));
        Assert.Equal(shown, Read().Numbers("loss"));
        Assert.Equal([0, 3, 6], Read().Numbers("accuracy/test").Keys);
        Write(7, Epochs, loss: 200, earlier: 7);
        foreach (int epoch in (int[])[7, 8, 9])
            shown[epoch] = 200 + epoch;
        Assert.Equal(shown, Read().Numbers("loss"));
    }

    /// <summary>A kill leaves the files as they are when the next record is asked for.</summary>
    [SkippableFact]
    public void Events_up_to_a_checkpoint_are_in_the_file_when_it_is_written()
    {
        var setup = new TrainingSetup
        {
            Plan = NetworkPlan.Compile(Network.Parse("linear(3) > abs > linear(10)"), inputs: 64, classes: 10),
            Dataset = BuiltInDigits.Read(),
            InputScale = InputScaling.Unit,
            Options = new TrainingOptions { Epochs = 9 },
        };
        using ComputeDevice device = ComputeDevice.Open("cpu", threads: 1);
        var executors = new ExecutorFactory(device);
        using IExecutor executor = executors.Create(setup.Plan);
        using RunFolder run = RunFolder.Begin(_folder["run"], force: false, setup.Describe(RunDevice.Of(executors)));
        using EventFolder folder = Take();
        using var log = TensorBoardLog.Begin(folder, setup.Plan, 3, 9, 0);
        using var session = new TrainingSession(setup, executor, run, new CheckpointInterval(Epochs: 4, Seconds: 0), log);
        foreach (EpochRecord record in session.Run())
        {
            if (record.Epoch == 5)
                break;
        }
        Assert.Equal(4, StoredCheckpoint.NewestIn(_folder["run"])!.Epoch);
        Assert.Equal([0, 1, 2, 3, 4], Read().Numbers("loss").Keys.Where(epoch => epoch <= 4).Order());
        Assert.True(Read().GetProperty("histograms").GetProperty("parameters/0.weight").TryGetProperty("3", out _));
    }

    [Fact]
    public void Only_one_training_at_a_time_writes_to_a_folder_which_may_be_that_of_its_run()
    {
        using (FolderLock.Take(_folder["events"], "run"))
        using (Take())
        {
            Assert.Matches(
                "^[^\n]*events: [^\n]* is at work on this training; wait for its end, stop it, or name another folder$",
                Assert.Throws<FolderTakenException>(() => Take(replaces: true)).Message);
        }
        Take().Dispose();
    }

    [Fact]
    public void A_new_file_stands_behind_the_others_even_if_their_clock_was_ahead()
    {
        Directory.CreateDirectory(_folder["events"]);
        File.WriteAllText(_folder["events/events.out.tfevents.2145000000.elsewhere"], "");
        Write(0, 1, 0);
        Assert.Equal(
            ["events.out.tfevents.2145000000.elsewhere", "events.out.tfevents.2145000001.ilgpu-distance"],
            Directory.GetFiles(_folder["events"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Events_of_another_training_are_kept_unless_they_are_to_be_replaced()
    {
        Write(0, 1, 0);
        string existing = Assert.Single(Events());
        Assert.Equal(
            $"{_folder["events"]}: holds the events of a training already ({Path.GetFileName(existing)}); " +
                "name another folder, or replace them",
            Assert.Throws<InputException>(() => EventFolder.Check(_folder["events"], isFree: false)).Message);
        Assert.Throws<InputException>(() => Take(joins: false));
        EventFolder.Check(_folder["events"], isFree: true);
        File.WriteAllText(_folder["events/notes.txt"], "");
        Write(0, 1, 0, replaces: true);
        Assert.Single(Events());
        Assert.True(File.Exists(_folder["events/notes.txt"]));
    }

    private string[] Events() => Directory.GetFiles(_folder["events"], "*tfevents*");
}
