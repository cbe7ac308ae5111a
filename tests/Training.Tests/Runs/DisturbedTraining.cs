using System.Globalization;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Runs;

/// <summary>
/// A small training that is left in peace, in the folder "whole", and what it takes to disturb others like it and compare them.
/// </summary>
public abstract class DisturbedTraining : IDisposable, IClassFixture<DisturbedTraining.Cpu>
{
    protected const int Epochs = 8;

    private static readonly Dataset Data = SmallDataset(seed: 1);

    private readonly Cpu _cpu;

    protected DisturbedTraining(Cpu cpu)
    {
        _cpu = cpu;
        Train("whole");
    }

    protected static IReadOnlyList<string> Finished { get; } = ["metrics.csv", "model.safetensors", "run.json"];

    private protected static TrainingSetup Setup { get; } = Variant();

    protected ComputeDevice Device => _cpu.Device;

    private protected TemporaryFolder Folder { get; } = new();

    protected List<string> Warnings { get; } = [];

    /// <summary>The CPU, opened once: the reference executor computes in float64, which no checkpoint keeps.</summary>
    public sealed class Cpu : IDisposable
    {
        public ComputeDevice Device { get; } = ComputeDevice.Open("cpu", threads: 1);

        public void Dispose() => Device.Dispose();
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static Dataset SmallDataset(int seed)
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

    private protected static TrainingSetup Variant(
        string network = "linear(4) > abs > linear(3)", float lr = 1e-4f, long seed = 5, int run = 2, Dataset? data = null,
        int epochs = Epochs,
        string optimizer = "sgd", string schedule = "constant", string rates = "") => new()
        {
            Plan = NetworkPlan.Compile(Network.Parse(network), inputs: 6, classes: 3),
            Dataset = data ?? Data,
            InputScale = InputScaling.Raw,
            Options = new TrainingOptions
            {
                Epochs = epochs,
                BatchSize = 3,
                LearningRate = lr,
                Optimizer = Optimizer.Parse(optimizer),
                Schedule = LearningRateSchedule.Parse(schedule),
                RateFactors = RateFactors.Parse(rates),
                Seed = seed,
                Run = run,
                EvaluateEvery = 3,
            },
        };

    private protected RunDescription Describe(TrainingSetup setup) => setup.Describe(RunDevice.Of(new ExecutorFactory(Device)));

    /// <summary>Trains until the last epoch and completes the run or, as a kill would leave it, until an earlier one.</summary>
    private protected void Train(string name, int? killedAfter = null, CheckpointInterval? interval = null,
        TrainingSetup? setup = null)
    {
        setup ??= Setup;
        using RunFolder run = RunFolder.Resume(Folder[name], Describe(setup), Warnings.Add);
        using IExecutor executor = new ExecutorFactory(Device).Create(setup.Plan);
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

    /// <summary>
    /// Trains until Ctrl-C, which comes with a record; −1 is before the first. Then the run is complete in itself.
    /// </summary>
    private protected void Interrupt(string name, int epoch, TrainingSetup? setup = null)
    {
        setup ??= Setup;
        using RunFolder run = RunFolder.Resume(Folder[name], Describe(setup), Warnings.Add);
        using IExecutor executor = new ExecutorFactory(Device).Create(setup.Plan);
        using var session = new TrainingSession(setup, executor, run);
        using var cancellation = new CancellationTokenSource();
        if (epoch < 0)
            cancellation.Cancel();
        foreach (EpochRecord record in session.Run(cancellation: cancellation.Token))
        {
            if (record.Epoch == epoch)
                cancellation.Cancel();
        }
        session.Complete();
    }

    protected string[] FilesIn(string name) =>
        [.. Directory.GetFiles(Folder[name]).Select(path => Path.GetFileName(path)).Order()];

    protected string PathOf(string name, string file) => Path.Combine(Folder[name], file);

    /// <summary>The metrics without the last column, the seconds.</summary>
    protected string[] Metrics(string name) =>
        [.. File.ReadLines(PathOf(name, "metrics.csv")).Select(line => line[..line.LastIndexOf(',')])];

    protected void AssertSameAsWhole(string name, string expected = "whole")
    {
        Assert.Equal(FilesIn(expected), FilesIn(name));
        foreach (string kept in FilesIn(name).Where(file => file == "optimizer.safetensors"))
            Assert.Equal(File.ReadAllBytes(PathOf(expected, kept)), File.ReadAllBytes(PathOf(name, kept)));
        Assert.Equal(Metrics(expected), Metrics(name));
        Assert.Equal(File.ReadAllBytes(PathOf(expected, "model.safetensors")),
            File.ReadAllBytes(PathOf(name, "model.safetensors")));
        RunDescription run = RunFolder.Find(Folder[name])!, whole = RunFolder.Find(Folder[expected])!;
        Assert.Equal(whole.Epochs, run.Epochs);
        Assert.Equal(TrainingOutcome.Completed, run.Outcome);
        Assert.Equal(whole.Final! with { Seconds = 0 }, run.Final! with { Seconds = 0 });
        double seconds = File.ReadLines(PathOf(name, "metrics.csv")).Skip(1)
            .Sum(line => double.Parse(line[(line.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture));
        Assert.Equal(seconds, run.Seconds, 1e-4);
    }

    protected Dictionary<string, byte[]> ContentOf(string name) =>
        FilesIn(name).ToDictionary(file => file, file => File.ReadAllBytes(PathOf(name, file)));

    /// <summary>Nothing goes on, the message says what to do, and every file is left as it was.</summary>
    private protected void AssertRefused(string name, string message, TrainingSetup? setup = null)
    {
        Dictionary<string, byte[]> before = ContentOf(name);
        var error = Assert.Throws<InputException>(() => Train(name, setup: setup));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(before, ContentOf(name));
    }

    protected void Damage(string name, string file, Func<byte[], byte[]> how) =>
        File.WriteAllBytes(PathOf(name, file), how(File.ReadAllBytes(PathOf(name, file))));
}
