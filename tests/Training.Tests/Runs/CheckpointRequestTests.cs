using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Runs;

/// <summary>Checkpoints that are asked for.</summary>
public sealed class CheckpointRequestTests : IDisposable
{
    private static readonly CheckpointInterval Never = new(Seconds: int.MaxValue);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Trains, asks for a checkpoint where it is told to, and says after which epochs one was saved.</summary>
    private int[] Train(ExecutorFactory executors, string name, CheckpointRequests requests, params int[] askAt)
    {
        var setup = new TrainingSetup
        {
            Plan = NetworkPlan.Compile(Network.Parse("linear(3) > abs > linear(10)"), inputs: 64, classes: 10),
            Dataset = BuiltInDigits.Read(),
            InputScale = InputScaling.Unit,
            Options = new TrainingOptions { Epochs = 9 },
        };
        using RunFolder run = RunFolder.Begin(_folder[name], force: false, setup.Describe(RunDevice.Of(executors)));
        using IExecutor executor = executors.Create(setup.Plan);
        using var session = new TrainingSession(setup, executor, run, Never);
        List<int> saved = [];
        foreach (EpochRecord record in session.Run(requests))
        {
            // What comes after an epoch happens when the next is asked for.
            if (StoredCheckpoint.NewestIn(_folder[name]) is { } state && !saved.Contains(state.Epoch))
                saved.Add(state.Epoch);
            if (askAt.Contains(record.Epoch))
                requests.Add();
        }
        return [.. saved];
    }

    [Fact]
    public void Each_training_that_is_going_on_answers_a_request_once_and_later_ones_do_not()
    {
        using ComputeDevice device = ComputeDevice.Open("cpu", threads: 1);
        var executors = new ExecutorFactory(device);
        var requests = new CheckpointRequests();
        Assert.Empty(Train(executors, "none", requests));
        // One before it begins, and two at once.
        requests.Add();
        requests.Add();
        Assert.Equal([0, 4, 5], Train(executors, "asked", requests, 4, 5));
        Assert.Empty(Train(executors, "later", requests));
    }
}
