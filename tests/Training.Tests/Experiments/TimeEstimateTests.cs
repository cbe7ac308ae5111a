using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Experiments;

public sealed class TimeEstimateTests
{
    private static readonly ExperimentModel Slow = new("Slow", "Slow", "slow"), Fast = new("Fast", "Fast", "fast");
    private static readonly Dictionary<string, ModelCost> Costs =
        new() { ["Slow"] = new ModelCost(5, 2), ["Fast"] = new ModelCost(1, 0.5) };

    private static PlannedRun Run(ExperimentModel model, int run, int epochsDone = 0, RunDescription? result = null) => new(
        model,
        new TrainingSetup
        {
            Plan = NetworkPlan.Compile(Network.Parse("linear(2)"), 2, 2),
            Dataset = null!,
            InputScale = InputScaling.Raw,
            Options = new TrainingOptions { Epochs = 100, Run = run },
        },
        "", epochsDone, result);

    private static EpochRecord Epoch(int epoch, double seconds) => new(epoch, 1, 50, 50, seconds);

    [Fact]
    public void The_time_is_that_of_all_epochs_that_are_left_divided_among_the_jobs()
    {
        // (5 + 100 · 2) + (5 + 60 · 2) + (1 + 100 · 0.5) = 381.
        PlannedRun[] runs = [Run(Slow, 0), Run(Slow, 1, epochsDone: 40), Run(Fast, 0)];
        Assert.Equal(381, new TimeEstimate(runs, Costs, jobs: 1).Seconds, 1e-9);
        // Two jobs could do it in 190.5, but the longest run takes 205.
        Assert.Equal(205, new TimeEstimate(runs, Costs, jobs: 2).Seconds, 1e-9);
        Assert.Equal(330, new TimeEstimate(runs, Costs, jobs: 1).SecondsOf(Slow), 1e-9);
        Assert.Equal(40.0 / 300, new TimeEstimate(runs, Costs, jobs: 1).Done, 1e-9);
    }

    [Fact]
    public void Epochs_shorten_it_and_correct_the_measurement()
    {
        PlannedRun[] runs = [Run(Slow, 0), Run(Fast, 0)];
        var estimate = new TimeEstimate(runs, Costs, jobs: 1);
        estimate.Add(runs[0], Epoch(0, 77));
        Assert.Equal(256, estimate.Seconds, 1e-9);
        for (int epoch = 1; epoch <= 90; epoch++)
            estimate.Add(runs[0], Epoch(epoch, 2));
        Assert.Equal(10 * 2 + 51, estimate.Seconds, 1e-9);
        Assert.Equal(90.0 / 200, estimate.Done, 1e-9);

        // The measurement was wrong by a factor of two; half of it is forgotten after 34 epochs.
        for (int epoch = 1; epoch <= 99; epoch++)
            estimate.Add(runs[1], Epoch(epoch, 1));
        Assert.InRange(estimate.SecondsPerEpoch(Fast), 0.9, 1);
        estimate.End(runs[1]);
        estimate.End(runs[0]);
        Assert.Equal((0, 1), (estimate.Seconds, estimate.Done));
    }

    [Fact]
    public void An_experiment_without_epochs_takes_no_time()
    {
        PlannedRun run = Run(Fast, 0);
        var none = run with
        {
            Setup = new TrainingSetup
            {
                Plan = run.Setup.Plan,
                Dataset = null!,
                InputScale = InputScaling.Raw,
                Options = new TrainingOptions { Epochs = 0 }
            }
        };
        Assert.Equal(1, new TimeEstimate([none], Costs, jobs: 1).Done);
    }
}
