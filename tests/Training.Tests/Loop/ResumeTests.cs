using System.Globalization;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Tests.Loop;

/// <summary>Trainings that are killed and go on, compared with one that was left in peace.</summary>
public sealed class ResumeTests : IDisposable, IClassFixture<ResumeTests.Cpu>
{
    private const int Epochs = 8;

    private static readonly string[] Finished = ["metrics.csv", "model.safetensors", "run.json"];
    private static readonly Dataset Data = SmallDataset(seed: 1);
    private static readonly TrainingSetup Setup = SetUp();

    private readonly Cpu _cpu;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public ResumeTests(Cpu cpu)
    {
        _cpu = cpu;
        Train("whole");
    }

    /// <summary>The CPU, opened once: the reference executor computes in float64, which no checkpoint keeps.</summary>
    public sealed class Cpu : IDisposable
    {
        public ComputeDevice Device { get; } = ComputeDevice.Open("cpu", threads: 1);

        public void Dispose() => Device.Dispose();
    }

    public void Dispose() => _folder.Dispose();

    private static Dataset SmallDataset(int seed)
    {
        ImageSet Images(int count, int salt) => new(
            Enumerable.Range(0, count * 6).Select(i => (byte)((i * 37 + salt * i * i) % 251)).ToArray(),
            Enumerable.Range(0, count).Select(i => (byte)(i * salt % 3)).ToArray(), height: 2, width: 3);
        return new Dataset
        {
            Name = "small",
            Location = "memory",
            Train = Images(11, seed),
            Test = Images(5, seed + 1),
            Classes = 3,
            Files = [new DataFile("all", 1, $"{seed}".PadLeft(32, '0'), "")],
        };
    }

    private static TrainingSetup SetUp(string network = "linear(4) > abs > linear(3)", float lr = 1e-4f, long seed = 5, int run = 2, Dataset? data = null) => new()
    {
        Plan = NetworkPlan.Compile(Network.Parse(network), inputs: 6, classes: 3),
        Dataset = data ?? Data,
        InputScale = InputScaling.Raw,
        Options = new TrainingOptions { Epochs = Epochs, BatchSize = 3, LearningRate = lr, Seed = seed, Run = run, EvaluateEvery = 3 },
        OptionValues = new Dictionary<string, object?> { ["lr"] = lr, ["seed"] = seed, ["init"] = null, ["threads"] = 1 },
    };

    private RunDescription Describe(TrainingSetup setup) => setup.Describe(RunDevice.Of(_cpu.Device));

    /// <summary>Trains until the last epoch and completes the run or, as a kill would leave it, until an earlier one.</summary>
    private void Train(string name, int? killedAfter = null, CheckpointInterval? interval = null, TrainingSetup? setup = null)
    {
        setup ??= Setup;
        using RunFolder run = RunFolder.Resume(_folder[name], Describe(setup), _warnings.Add);
        using IExecutor executor = _cpu.Device.CreateExecutor(setup.Plan);
        using var session = new TrainingSession(setup, executor, run, interval ?? new CheckpointInterval(1, 0));
        foreach (EpochRecord record in session.Run())
        {
            // What comes after an epoch, such as its checkpoint, happens when the next is asked for.
            if (record.Epoch == killedAfter + 1)
                return;
        }
        if (killedAfter is null)
            session.Complete();
    }

    private string[] FilesIn(string name) => [.. Directory.GetFiles(_folder[name]).Select(path => Path.GetFileName(path)).Order()];

    private string PathOf(string name, string file) => Path.Combine(_folder[name], file);

    /// <summary>The metrics without the last column, the seconds.</summary>
    private string[] Metrics(string name) =>
        [.. File.ReadLines(PathOf(name, "metrics.csv")).Select(line => line[..line.LastIndexOf(',')])];

    private void AssertSameAsWhole(string name)
    {
        Assert.Equal(Finished, FilesIn(name));
        Assert.Equal(Metrics("whole"), Metrics(name));
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "model.safetensors")), File.ReadAllBytes(PathOf(name, "model.safetensors")));
        RunDescription run = RunFolder.Find(_folder[name])!, whole = RunFolder.Find(_folder["whole"])!;
        Assert.Equal(TrainingOutcome.Completed, run.Outcome);
        Assert.Equal(whole.Final! with { Seconds = 0 }, run.Final! with { Seconds = 0 });
        double seconds = File.ReadLines(PathOf(name, "metrics.csv")).Skip(1).Sum(line => double.Parse(line[(line.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture));
        Assert.Equal(seconds, run.Seconds, 1e-4);
    }

    private void Damage(string name, string file, Func<byte[], byte[]> how) =>
        File.WriteAllBytes(PathOf(name, file), how(File.ReadAllBytes(PathOf(name, file))));

    [Fact]
    public void A_training_killed_after_any_epoch_ends_with_the_bits_of_one_that_was_not()
    {
        Assert.Equal(Epochs + 2, Metrics("whole").Length);
        foreach (int every in new[] { 1, 3, 100 })
        {
            for (int epoch = 0; epoch < Epochs; epoch++)
            {
                string name = $"{every} {epoch}";
                Train(name, epoch, new CheckpointInterval(every, 0));
                Assert.Equal(epoch < every ? null : epoch / every * every, RunFolder.FindState(_folder[name])?.Epoch);
                Train(name);
                AssertSameAsWhole(name);
            }
        }
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_training_killed_after_every_epoch_ends_the_same()
    {
        for (int epoch = 1; epoch < Epochs; epoch++)
            Train("run", epoch);
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_checkpoint_waits_for_the_later_of_the_epochs_and_the_time()
    {
        Train("run", killedAfter: 6, new CheckpointInterval(Epochs: 1, Seconds: 1000));
        Assert.Null(RunFolder.FindState(_folder["run"]));
        Train("run", killedAfter: 6, new CheckpointInterval(Epochs: 4, Seconds: 0));
        Assert.Equal(4, RunFolder.FindState(_folder["run"])!.Epoch);
    }

    [Fact]
    public void Metrics_beyond_the_checkpoint_even_half_a_line_are_cut_off()
    {
        Train("run", killedAfter: 5);
        File.AppendAllText(PathOf("run", "metrics.csv.partial"), "6,0.1,100.0000,,0.1\n7,0.");
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_kill_between_the_steps_of_a_checkpoint_costs_only_that_checkpoint()
    {
        Train("run", killedAfter: 5);
        File.Move(PathOf("run", "checkpoint"), PathOf("run", "checkpoint.previous"), overwrite: true);
        File.WriteAllText(PathOf("run", "checkpoint.4711.tmp"), "half of it");
        Train("run", killedAfter: 5);
        Assert.Equal(5, RunFolder.FindState(_folder["run"])!.Epoch);
        Train("run");
        AssertSameAsWhole("run");
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_kill_between_the_steps_of_the_end_costs_no_result(int steps)
    {
        Train("run", killedAfter: Epochs);
        File.Move(PathOf("run", "metrics.csv.partial"), PathOf("run", "metrics.csv"));
        if (steps > 1)
            File.WriteAllText(PathOf("run", "model.safetensors.4711.tmp"), "half of it");
        if (steps > 2)
            File.Copy(PathOf("whole", "model.safetensors"), PathOf("run", "model.safetensors"));
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void Checkpoints_that_a_kill_left_beside_a_finished_run_are_tidied_away()
    {
        Train("run", killedAfter: 5);
        foreach (string checkpoint in new[] { "checkpoint", "checkpoint.previous" })
            File.Copy(PathOf("run", checkpoint), PathOf("whole", checkpoint));
        RunFolder.Tidy(_folder["whole"]);
        Assert.Equal(Finished, FilesIn("whole"));
    }

    public static TheoryData<Func<byte[], byte[]>> Damages() => new()
    {
        file => [],
        file => file[..^1],
        file => file[..(file.Length / 2)],
        file => [.. file[..40], (byte)(file[40] ^ 1), .. file[41..]],
        file => [.. file[..^40], (byte)(file[^40] ^ 0x80), .. file[^39..]],
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_checkpoint_is_reported_and_the_one_before_it_used(Func<byte[], byte[]> damage)
    {
        Train("run", killedAfter: 5);
        Damage("run", "checkpoint", damage);
        Assert.Equal(4, RunFolder.FindState(_folder["run"])!.Epoch);
        Train("run", killedAfter: 4);
        Assert.Equal(
            $"{PathOf("run", "checkpoint")} is damaged: the checksum does not match; the checkpoint before it is used.", Assert.Single(_warnings));
        // The damaged one must not have become the previous one, where it would have pushed out the sound one.
        Assert.Equal(4, CheckpointFile.Read(PathOf("run", "checkpoint")).State.Epoch);
        Train("run");
        AssertSameAsWhole("run");
        Assert.Single(_warnings);
    }

    [Fact]
    public void Without_a_sound_checkpoint_a_run_begins_again()
    {
        Train("run", killedAfter: 5);
        Damage("run", "checkpoint", file => file[..^1]);
        Damage("run", "checkpoint.previous", file => file[1..]);
        Train("run");
        AssertSameAsWhole("run");
        Assert.Equal(2, _warnings.Count);
        Assert.EndsWith("the checkpoint before it is used.", _warnings[0], StringComparison.Ordinal);
        Assert.EndsWith("the run begins again.", _warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_whose_metrics_were_changed_or_lost_is_not_used()
    {
        Train("run", killedAfter: 5);
        Damage("run", "metrics.csv.partial", file => [.. file[..60], (byte)(file[60] ^ 1), .. file[61..]]);
        Train("run");
        AssertSameAsWhole("run");
        Assert.Contains("metrics that have been changed", _warnings[0], StringComparison.Ordinal);

        Train("other", killedAfter: 5);
        long before = CheckpointFile.Read(PathOf("other", "checkpoint.previous")).Metrics.Bytes;
        Damage("other", "metrics.csv.partial", file => file[..(int)before]);
        Train("other");
        AssertSameAsWhole("other");
        Assert.Contains("the checkpoint before it is used", _warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_is_complete_in_itself_and_can_go_on()
    {
        using (RunFolder run = RunFolder.Resume(_folder["run"], Describe(Setup), _warnings.Add))
        using (IExecutor executor = _cpu.Device.CreateExecutor(Setup.Plan))
        using (var session = new TrainingSession(Setup, executor, run))
        using (var cancellation = new CancellationTokenSource())
        {
            foreach (EpochRecord record in session.Run(cancellation: cancellation.Token))
            {
                if (record.Epoch == 4)
                    cancellation.Cancel();
            }
            RunDescription description = session.Complete()!;
            Assert.Equal((TrainingOutcome.Interrupted, 5), (description.Outcome, description.Final!.Epoch));
            Assert.NotNull(description.Final.TestAccuracy);
        }
        Assert.Equal(["checkpoint", .. Finished], FilesIn("run"));
        Assert.Equal(Metrics("whole")[..7], Metrics("run"));

        File.Move(PathOf("run", "checkpoint"), _folder["checkpoint"]);
        Assert.Contains("has no checkpoint to go on from", Assert.Throws<InputException>(() => Train("run")).Message, StringComparison.Ordinal);
        Assert.Equal(Finished, FilesIn("run"));
        File.Move(_folder["checkpoint"], PathOf("run", "checkpoint"));
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_training_that_diverges_after_it_was_killed_diverges_in_the_same_epoch()
    {
        TrainingSetup setup = SetUp(lr: 100);
        Train("diverged", setup: setup);
        Train("run", killedAfter: 1, setup: setup);
        Train("run", setup: setup);
        RunDescription expected = RunFolder.Find(_folder["diverged"])!, run = RunFolder.Find(_folder["run"])!;
        Assert.Equal(TrainingOutcome.Diverged, expected.Outcome);
        Assert.InRange(expected.Final!.Epoch, 2, Epochs);
        Assert.Equal((expected.Outcome, expected.Reason), (run.Outcome, run.Reason));
        Assert.Equal(["metrics.csv", "run.json"], FilesIn("run"));
        Assert.Equal(Metrics("diverged"), Metrics("run"));
    }

    public static TheoryData<string, TrainingSetup> Changes() => new()
    {
        { "--model linear(5) > abs > linear(3): ", SetUp(network: "linear(5) > abs > linear(3)") },
        { "--lr 0.5: ", SetUp(lr: 0.5f) },
        { "--seed 6: ", SetUp(seed: 6) },
        { "--run 3: ", SetUp(run: 3) },
        { "the data is small (memory; 11 and 5 images in 3 classes, MD5 00000000), but ", SetUp(data: SmallDataset(seed: 2)) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_that_would_alter_the_result_is_refused_by_name_and_nothing_is_touched(string message, TrainingSetup changed)
    {
        Train("run", killedAfter: 5);
        var before = FilesIn("run").ToDictionary(file => file, file => File.ReadAllBytes(PathOf("run", file)));
        var error = Assert.Throws<InputException>(() => Train("run", setup: changed));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{_folder["run"]} was begun with", error.Message, StringComparison.Ordinal);
        Assert.Equal(before.Keys, FilesIn("run"));
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllBytes(PathOf("run", file.Key))));
    }

    [Fact]
    public void Another_device_goes_on_with_no_run_but_may_begin_one_again()
    {
        RunDescription description = Describe(Setup);
        RunDescription elsewhere = description with { Device = description.Device with { Name = "another", Threads = 7 } };
        Train("run", killedAfter: 5);
        var error = Assert.Throws<InputException>(() => RunFolder.Resume(_folder["run"], elsewhere, _warnings.Add));
        Assert.Contains($"was begun on {description.Device.Name} (cpu, simd executor), and on another (cpu, simd executor) it would", error.Message, StringComparison.Ordinal);

        foreach (string checkpoint in new[] { "checkpoint", "checkpoint.previous" })
            File.Delete(PathOf("run", checkpoint));
        using RunFolder run = RunFolder.Resume(_folder["run"], elsewhere, _warnings.Add);
        Assert.Null(run.State);
        Assert.Equal("another", RunFolder.Find(_folder["run"])!.Device.Name);
    }

    [Fact]
    public void The_number_of_threads_may_change()
    {
        RunDescription description = Describe(Setup);
        Train("run", killedAfter: 5);
        using RunFolder run = RunFolder.Resume(_folder["run"], description with { Device = description.Device with { Threads = 7 } }, _warnings.Add);
        Assert.Equal(5, run.State!.Epoch);
    }

    [Fact]
    public void A_run_that_is_going_on_cannot_be_taken_up_nor_replaced()
    {
        Train("run", killedAfter: 5);
        using (RunFolder.Resume(_folder["run"], Describe(Setup), _warnings.Add))
        {
            foreach (Func<RunFolder> second in new Func<RunFolder>[]
            {
                () => RunFolder.Resume(_folder["run"], Describe(Setup), _warnings.Add),
                () => RunFolder.Begin(_folder["run"], force: true, Describe(Setup)),
            })
            {
                var error = Assert.Throws<InputException>(second);
                Assert.Equal($"--out {_folder["run"]}: another process is training here; wait for its end, or name another folder", error.Message);
            }
        }
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_description_that_cannot_be_read_is_an_error_that_names_the_file()
    {
        Train("run", killedAfter: 5);
        Damage("run", "run.json", file => file[..20]);
        Assert.StartsWith(PathOf("run", "run.json"), Assert.Throws<InputException>(() => Train("run")).Message, StringComparison.Ordinal);
    }
}
