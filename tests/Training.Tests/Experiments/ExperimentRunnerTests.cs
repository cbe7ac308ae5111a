using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Experiments;

public sealed class ExperimentRunnerTests : IDisposable, IClassFixture<ExperimentRunnerTests.TwoCpus>
{
    private static readonly ExperimentModel Abs = Model("linear(5) > abs > linear(3)");
    private static readonly ExperimentModel L2 = Model("linear(5) > relu > offset-l2(3) > neg");
    private static readonly Dataset Data = new()
    {
        Name = "small",
        Location = "memory",
        Train = Images(13),
        Test = Images(7),
        Classes = 3,
        Files = [],
    };

    private readonly TwoCpus _cpus;
    private readonly TemporaryFolder _folder = new();

    public ExperimentRunnerTests(TwoCpus cpus) => _cpus = cpus;

    /// <summary>The CPU, opened twice.</summary>
    public sealed class TwoCpus : IDisposable
    {
        public IReadOnlyList<ExecutorFactory> Executors { get; } =
            [.. Enumerable.Range(0, 2).Select(_ => new ExecutorFactory(ComputeDevice.Open("cpu", threads: 1)))];

        public void Dispose()
        {
            foreach (ExecutorFactory executors in Executors)
                executors.Device.Dispose();
        }
    }

    public void Dispose() => _folder.Dispose();

    private static ExperimentModel Model(string network) => new(network, network.Split(' ')[2], network);

    private static ImageSet Images(int count) => new(
        Enumerable.Range(0, count * 6).Select(i => (byte)(i * 37 % 251)).ToArray(),
        Enumerable.Range(0, count).Select(i => (byte)(i % 3)).ToArray(), 2, 3);

    private static TrainingSetup SetUp(ExperimentModel model, int run, int epochs, long seed) => new()
    {
        Plan = NetworkPlan.Compile(Network.Parse(model.Network), inputs: 6, classes: 3),
        Dataset = Data,
        InputScale = InputScaling.Unit,
        Options = new TrainingOptions { Epochs = epochs, BatchSize = 4, LearningRate = 0.1f, Seed = seed, Run = run },
    };

    private IReadOnlyList<PlannedRun> Plan(
        string folder, ExperimentModel[] models, int runs, int epochs = 6, long seed = 3, RunDevice? device = null,
        Shard? shard = null) =>
        PlannedRun.Plan(
            _folder[folder], models, runs, (model, run) => SetUp(model, run, epochs, seed),
            device ?? RunDevice.Of(_cpus.Executors[0]), shard);

    /// <summary>Trains what is not finished.</summary>
    private List<ExperimentEvent> Train(IReadOnlyList<PlannedRun> runs, int jobs, Action<ExperimentEvent>? happening = null,
        bool isShared = false, CancellationToken cancellation = default)
    {
        var events = new ConcurrentQueue<ExperimentEvent>();
        var runner = new ExperimentRunner([.. _cpus.Executors.Take(jobs)], new CheckpointInterval(1, 0));
        IEnumerable<PlannedRun> left = runs.Where(run => run.Result is null);
        void Report(ExperimentEvent happened)
        {
            events.Enqueue(happened);
            happening?.Invoke(happened);
        }
        if (isShared)
            runner.RunShared(left, Report, cancellation: cancellation);
        else
            runner.Run(left, Report, cancellation: cancellation);
        return [.. events];
    }

    private byte[] SavedModelOf(string folder, ExperimentModel model, int run) =>
        File.ReadAllBytes(Path.Combine(ExperimentFolder.RunFolder(_folder[folder], model, run), "model.safetensors"));

    private float[] TensorOf(string folder, ExperimentModel model, int run, string tensor)
    {
        string path = Path.Combine(ExperimentFolder.RunFolder(_folder[folder], model, run), "model.safetensors");
        return SafeTensors.Read(path).Tensors.Single(found => found.Name == tensor).Values.ToArray();
    }

    [Fact]
    public void Every_model_has_its_first_run_before_any_has_its_second()
    {
        IReadOnlyList<PlannedRun> runs = Plan("a", [Abs, L2], runs: 2);
        Assert.Equal([(Abs, 0), (L2, 0), (Abs, 1), (L2, 1)], runs.Select(run => (run.Model, run.Run)));
        var begun = Train(runs, jobs: 1).Select(happened => happened.Run).Distinct();
        Assert.Equal(runs, begun);
    }

    [Fact]
    public void A_run_gets_the_same_bits_whatever_else_is_planned_and_however_many_are_trained_at_once()
    {
        Train(Plan("all", [Abs, L2], runs: 3), jobs: 2);
        Train(Plan("one", [L2], runs: 3), jobs: 1);
        for (int run = 0; run < 3; run++)
            Assert.Equal(SavedModelOf("all", L2, run), SavedModelOf("one", L2, run));
        Assert.NotEqual(SavedModelOf("all", L2, 0), SavedModelOf("all", L2, 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Any_number_of_shares_at_once_in_one_folder_makes_the_runs_and_bits_of_one_process(int count)
    {
        Train(Plan("whole", [Abs, L2], runs: 3), jobs: 1);
        Thread[] threads =
            [.. Enumerable.Range(1, count).Select(number => new Thread(() => TrainShare(new Shard(number, count))))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (PlannedRun run in Plan("whole", [Abs, L2], runs: 3))
            Assert.Equal(SavedModelOf("whole", run.Model, run.Run), SavedModelOf("shared", run.Model, run.Run));
    }

    [Fact]
    public void A_run_that_another_process_has_comes_last_and_is_waited_for_and_taken_as_that_one_leaves_it()
    {
        Train(Plan("whole", [Abs, L2], runs: 1), jobs: 1);
        foreach (bool isFinished in new[] { true, false })
        {
            string name = $"shared {isFinished}";
            IReadOnlyList<PlannedRun> runs = Plan(name, [Abs, L2], runs: 1, shard: new Shard(1, 1));
            FolderLock held = FolderLock.Take(runs[0].Folder, "run");
            List<ExperimentEvent> events = Train(runs, jobs: 1, happened =>
            {
                if (happened.Run != runs[1] || happened.Result is null)
                    return;
                if (isFinished)
                {
                    foreach (string file in Directory.GetFiles(Path.Combine(_folder["whole"], runs[0].Model.Folder, "0")))
                        File.Copy(file, Path.Combine(runs[0].Folder, Path.GetFileName(file)));
                }
                held.Dispose();
            }, isShared: true);
            Assert.Equal(
                [runs[1], runs[0]], events.Where(happened => happened.Result is not null).Select(happened => happened.Run));
            Assert.Matches($"^process {Environment.ProcessId} on [^,]*, since .* is at work on .*, and is waited for$",
                Assert.Single(events, happened => happened.Warning is not null).Warning);
            Assert.Equal(isFinished ? 0 : 7, events.Count(happened => happened.Run == runs[0] && happened.Record is not null));
            Assert.Equal(SavedModelOf("whole", Abs, 0), SavedModelOf(name, Abs, 0));
        }
    }

    [Fact]
    public void Who_waits_for_another_process_ends_when_he_is_asked_to()
    {
        IReadOnlyList<PlannedRun> runs = Plan("a", [Abs], runs: 1, shard: new Shard(1, 1));
        using FolderLock held = FolderLock.Take(runs[0].Folder, "run");
        using var cancellation = new CancellationTokenSource();
        List<ExperimentEvent> events = Train(runs, jobs: 1, happened =>
        {
            if (happened.Warning is not null)
                cancellation.Cancel();
        }, isShared: true, cancellation: cancellation.Token);
        Assert.DoesNotContain(events, happened => happened.Result is not null || happened.Record is not null);
    }

    /// <summary>Trains a share of three runs of both models, on a device of its own.</summary>
    private void TrainShare(Shard shard)
    {
        var executors = new ExecutorFactory(ComputeDevice.Open("cpu", threads: 1));
        using ComputeDevice device = executors.Device;
        new ExperimentRunner([executors], new CheckpointInterval(1, 0)).RunShared(
            Plan("shared", [Abs, L2], runs: 3, shard: shard).Where(run => run.Result is null), _ => { });
    }

    [Fact]
    public void Runs_of_different_models_are_paired_they_start_from_the_same_first_layer()
    {
        Train(Plan("untrained", [Abs, L2], runs: 3, epochs: 0), jobs: 2);
        for (int run = 0; run < 3; run++)
        {
            foreach (string tensor in new[] { "0.weight", "0.bias" })
                Assert.Equal(TensorOf("untrained", Abs, run, tensor), TensorOf("untrained", L2, run, tensor));
        }
        Assert.NotEqual(TensorOf("untrained", Abs, 0, "0.weight"), TensorOf("untrained", Abs, 1, "0.weight"));
        Train(Plan("other seed", [Abs], runs: 1, epochs: 0, seed: 4), jobs: 1);
        Assert.NotEqual(TensorOf("untrained", Abs, 0, "0.weight"), TensorOf("other seed", Abs, 0, "0.weight"));
    }

    [Fact]
    public void Finished_runs_are_kept_even_from_another_device_and_more_are_added()
    {
        Train(Plan("a", [Abs], runs: 2), jobs: 2);
        string description = Path.Combine(ExperimentFolder.RunFolder(_folder["a"], Abs, 1), "run.json");
        DateTime written = File.GetLastWriteTimeUtc(description);

        RunDevice here = RunDevice.Of(_cpus.Executors[0]);
        IReadOnlyList<PlannedRun> more = Plan("a", [Abs, L2], runs: 3, device: here with { Name = "another" });
        Assert.Equal([(Abs, 0), (Abs, 1)], more.Where(run => run.Result is not null).Select(run => (run.Model, run.Run)));
        Assert.All(more.Where(run => run.Result is not null),
            run => Assert.Equal((6, here.Name), (run.EpochsDone, run.Result!.Device.Name)));
        List<ExperimentEvent> events = Train(more, jobs: 2);
        Assert.Equal(4, events.Count(happened => happened.Result is not null));
        Assert.Equal(written, File.GetLastWriteTimeUtc(description));
        Assert.All(Plan("a", [Abs, L2], runs: 3), run => Assert.Equal(TrainingOutcome.Completed, run.Result!.Outcome));
    }

    [Fact]
    public void Cancelled_trainings_leave_checkpoints_from_which_they_end_with_the_same_bits()
    {
        Train(Plan("whole", [Abs, L2], runs: 2), jobs: 1);
        using (var cancellation = new CancellationTokenSource())
        {
            Train(Plan("parts", [Abs, L2], runs: 2), jobs: 1, happened =>
            {
                if (happened.Run.Model == L2 && happened.Record?.Epoch == 3)
                    cancellation.Cancel();
            }, cancellation: cancellation.Token);
        }
        IReadOnlyList<PlannedRun> rest = Plan("parts", [Abs, L2], runs: 2);
        Assert.Equal([6, 4, 0, 0], rest.Select(run => run.EpochsDone));
        Assert.Equal([false, true, true, true], rest.Select(run => run.Result is null));

        IReadOnlyList<PlannedRun> elsewhere =
            Plan("parts", [Abs, L2], runs: 2, device: RunDevice.Of(_cpus.Executors[0]) with { Name = "another" });
        Assert.Matches($"^{Regex.Escape(rest[1].Folder)}: .* get other bits", elsewhere[1].Problem?.ToString());
        Assert.All(elsewhere.Where(run => run.Run != 0 || run.Model != L2), run => Assert.Null(run.Problem));

        List<ExperimentEvent> events = Train(rest, jobs: 2);
        Assert.Equal(5, events.First(happened => happened.Run == rest[1] && happened.Record is not null).Record!.Epoch);
        foreach (PlannedRun run in rest)
            Assert.Equal(SavedModelOf("whole", run.Model, run.Run), SavedModelOf("parts", run.Model, run.Run));
    }

    [Fact]
    public void A_failure_ends_the_others_with_a_checkpoint_and_is_thrown()
    {
        IReadOnlyList<PlannedRun> runs = Plan("a", [Abs, L2], runs: 1, epochs: 1_000_000);
        // A folder of the name of the checkpoint, once the other training is going on.
        var error = Assert.Throws<IOException>(() => Train(runs, jobs: 2, happened =>
        {
            if (happened.Record?.Epoch == 0 && happened.Run == runs[1])
            {
                HangLimit.WaitUntil(() => StoredCheckpoint.NewestIn(runs[0].Folder) is not null);
                Directory.CreateDirectory(Path.Combine(runs[1].Folder, "checkpoint"));
            }
        }));
        Assert.StartsWith($"cannot write {runs[1].Folder}", error.Message, StringComparison.Ordinal);
        Assert.True(Plan("a", [Abs, L2], runs: 1, epochs: 1_000_000)[0].EpochsDone > 0);
    }

    [Fact]
    public void A_run_whose_outputs_are_the_same_for_all_images_is_finished_with_a_warning()
    {
        // What is above 0 is negated, and of that nothing is above 0.
        ExperimentModel dead = Model("linear(4) > relu > neg > relu > linear(3, bias: false)");
        List<ExperimentEvent> events = Train(Plan("a", [dead, Abs], runs: 1), jobs: 1);
        Assert.Equal(2, events.Count(happened => happened.Result is { Outcome: TrainingOutcome.Completed }));
        Assert.Equal(
            $"{dead.Name} run 0: the network is dead: its outputs are the same for all test images",
            Assert.Single(events, happened => happened.Warning is not null).Warning);
    }

    [Fact]
    public void Trainings_cancelled_at_any_record_even_the_untrained_networks_end_with_the_same_files()
    {
        Train(Plan("whole", [Abs], runs: 1), jobs: 1);
        for (int epoch = 0; epoch < 6; epoch++)
        {
            using var cancellation = new CancellationTokenSource();
            Train(Plan($"{epoch}", [Abs], runs: 1), jobs: 1, happened =>
            {
                if (happened.Record?.Epoch == epoch)
                    cancellation.Cancel();
            }, cancellation: cancellation.Token);
            Train(Plan($"{epoch}", [Abs], runs: 1), jobs: 1);
            Assert.Equal(SavedModelOf("whole", Abs, 0), SavedModelOf($"{epoch}", Abs, 0));
            Assert.Equal(MetricsOf("whole"), MetricsOf($"{epoch}"));
        }
    }

    /// <summary>The metrics of the first run of a model, without the last column, the seconds.</summary>
    private string[] MetricsOf(string folder) =>
        [.. File.ReadLines(Path.Combine(ExperimentFolder.RunFolder(_folder[folder], Abs, 0), "metrics.csv"))
            .Select(line => line[..line.LastIndexOf(',')])];

    [Theory]
    [InlineData("metrics.csv", "this run is completed, but metrics.csv is missing; ")]
    [InlineData("model.safetensors", "this run is completed, but model.safetensors is missing; ")]
    public void A_finished_run_without_its_results_is_left_out_with_what_to_do_and_the_others_go_on(string file, string problem)
    {
        Train(Plan("a", [Abs], runs: 2), jobs: 1);
        string folder = ExperimentFolder.RunFolder(_folder["a"], Abs, 0);
        File.Delete(Path.Combine(folder, file));
        IReadOnlyList<PlannedRun> planned = Plan("a", [Abs], runs: 3);
        Assert.StartsWith($"{folder}: {problem}", planned[0].Problem?.ToString(), StringComparison.Ordinal);
        Assert.Equal([false, true, false], planned.Select(run => run.Result is not null));
        Train([.. planned.Skip(1)], jobs: 1);
        Assert.Equal([false, true, true], Plan("a", [Abs], runs: 3).Select(run => run.Result is not null));
    }

    [Theory]
    [InlineData("a lone checkpoint")]
    [InlineData("no run.json")]
    [InlineData("a file")]
    [InlineData("an owner that is a folder")]
    [InlineData("a run.json that cannot be reached")]
    [InlineData("metrics that cannot be begun")]
    [InlineData("another run")]
    public void A_run_whose_folder_is_odd_is_left_out_and_the_others_go_on(string what)
    {
        Train(Plan("a", [Abs], runs: 2), jobs: 1);
        string folder = ExperimentFolder.RunFolder(_folder["a"], Abs, 1), json = Path.Combine(folder, "run.json");
        switch (what)
        {
            case "no run.json":
                File.Delete(json);
                break;
            case "a run.json that cannot be reached":
                File.Delete(json);
                File.CreateSymbolicLink(json, json);
                break;
            case "another run":
                File.Copy(Path.Combine(ExperimentFolder.RunFolder(_folder["a"], Abs, 0), "run.json"), json, overwrite: true);
                break;
            default:
                Directory.Delete(folder, recursive: true);
                if (what == "a file")
                    File.WriteAllText(folder, "");
                else
                    Directory.CreateDirectory(folder);
                if (what == "a lone checkpoint")
                    File.WriteAllText(Path.Combine(folder, "checkpoint"), "");
                if (what == "an owner that is a folder")
                    Directory.CreateDirectory(Path.Combine(folder, ".owner"));
                if (what == "metrics that cannot be begun")
                    Directory.CreateDirectory(Path.Combine(folder, "metrics.csv.partial"));
                break;
        }
        IReadOnlyList<PlannedRun> planned = Plan("a", [Abs], runs: 3);
        List<ExperimentEvent> events = Train([.. planned.Where(run => run.Problem is null)], jobs: 1);
        Wording? problem = planned[1].Problem ?? events.SingleOrDefault(happened => happened.Problem is not null)?.Problem;
        Assert.StartsWith(folder, problem?.ToString(), StringComparison.Ordinal);
        Assert.All([0, 2], run => Assert.NotEmpty(SavedModelOf("a", Abs, run)));
    }

    [Fact]
    public void What_a_kill_left_beside_the_results_of_a_run_is_removed()
    {
        Train(Plan("a", [Abs], runs: 1), jobs: 1);
        string folder = ExperimentFolder.RunFolder(_folder["a"], Abs, 0);
        string[] results = Directory.GetFiles(folder);
        string[][] remains =
        [
            ["checkpoint", "checkpoint.previous"], ["run.json.0123456789abcdef0123456789abcdef.tmp"], [".owner.0123456789abcdef"],
        ];
        foreach (string[] names in remains)
        {
            Array.ForEach(names, name => File.WriteAllText(Path.Combine(folder, name), ""));
            Assert.NotNull(Assert.Single(Plan("a", [Abs], runs: 1)).Result);
            Assert.Equal(results.Order(), Directory.GetFiles(folder).Order());
        }
    }

    [Fact]
    public void A_half_run_whose_metrics_were_changed_is_left_out_and_keeps_its_checkpoint()
    {
        using (var cancellation = new CancellationTokenSource())
        {
            Train(Plan("a", [Abs], runs: 1), jobs: 1, happened =>
            {
                if (happened.Record?.Epoch == 3)
                    cancellation.Cancel();
            }, cancellation: cancellation.Token);
        }
        string folder = ExperimentFolder.RunFolder(_folder["a"], Abs, 0), metrics = Path.Combine(folder, "metrics.csv.partial");
        File.WriteAllText(metrics, File.ReadAllText(metrics).Replace('.', ','));
        Assert.StartsWith($"{metrics}: its first ", Assert.Single(Plan("a", [Abs], runs: 1)).Problem?.ToString(),
            StringComparison.Ordinal);
        Assert.NotNull(StoredCheckpoint.NewestIn(folder));
    }

    [Fact]
    public void A_measurement_covers_each_model_once_and_saves_nothing()
    {
        var runner = new ExperimentRunner(_cpus.Executors, new CheckpointInterval());
        var costs = runner.Measure(Plan("a", [Abs, L2], runs: 3), CancellationToken.None);
        Assert.Equal([Abs.Folder, L2.Folder], costs.Keys.Order());
        Assert.All(costs.Values, cost => Assert.True(
            cost is { Epoch: > 0 and < HangLimit.Seconds, Setup: > 0 and < HangLimit.Seconds }));
        Assert.False(Directory.Exists(_folder["a"]));
        Assert.Throws<OperationCanceledException>(() =>
            runner.Measure(Plan("a", [Abs], runs: 1), new CancellationToken(canceled: true)));
    }
}
