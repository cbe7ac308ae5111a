using CommandLine;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>A verb that trains, and the options that say how.</summary>
internal abstract class TrainingVerb : ComputeVerb
{
    [Option("input-scale", Default = InputScaling.Raw,
        HelpText = "What the network sees of a pixel; raw is what the published figures came from.")]
    public InputScaling InputScale { get; set; }

    [Option("lr", Default = 0.001f, MetaValue = "RATE", HelpText = "Learning rate.")]
    public float LearningRate { get; set; }

    [Option("optimizer", Default = "sgd", MetaValue = "OPTIMIZER",
        HelpText = "How parameters change with each step; \"train --help\" describes each. The default is plain gradient " +
            "descent, as in the paper.")]
    public string Optimizer { get; set; } = "";

    [Option("lr-schedule", Default = "constant", MetaValue = "SCHEDULE",
        HelpText = "How the learning rate changes in the course of the training; \"train --help\" describes each way.")]
    public string Schedule { get; set; } = "";

    [Option("lr-of", Default = "", MetaValue = "ROLE=X,...",
        HelpText = "Factors of the learning rate by what a parameter is to its layer, e.g. mu=100,alpha=0.5; roles are " +
            "weight, bias, mu, alpha and offset.")]
    public string LearningRateOf { get; set; } = "";

    [Option("batch-size", Default = "full", MetaValue = "full|N",
        HelpText = "Samples per step; full means one step per epoch over all of them.")]
    public string BatchSize { get; set; } = "";

    [Option("seed", Default = 0L, MetaValue = "N", HelpText = "Seed of the initial weights and of the batches, a 64-bit number.")]
    public long Seed { get; set; }

    [Option("eval-every", Default = 1, MetaValue = "N",
        HelpText = "Evaluate the test images every N epochs, and after the last.")]
    public int EvaluateEvery { get; set; }

    [Option("checkpoint-every", Default = 1, MetaValue = "N",
        HelpText = "Save a checkpoint, from which a training can go on, every N epochs, but not before --checkpoint-seconds " +
            "have passed.")]
    public int CheckpointEvery { get; set; }

    [Option("checkpoint-seconds", Default = 30, MetaValue = "S", HelpText = "Least time between two checkpoints.")]
    public int CheckpointSeconds { get; set; }

    /// <summary>How often checkpoints are saved.</summary>
    /// <exception cref="InputException">An option cannot be used.</exception>
    protected CheckpointInterval ReadCheckpointInterval()
    {
        var interval = new CheckpointInterval(CheckpointEvery, CheckpointSeconds);
        interval.Check();
        return interval;
    }

    /// <summary>The options as the training loop takes them, checked as far as that goes without the data.</summary>
    /// <param name="epochs">Epochs to train.</param>
    /// <param name="run">Which of several runs with this seed.</param>
    /// <exception cref="InputException">An option cannot be used.</exception>
    protected TrainingOptions ReadOptions(int epochs, int run = 0)
    {
        int batchSize = ValueCheck.BatchSize(BatchSize);
        var options = new TrainingOptions
        {
            Epochs = epochs,
            LearningRate = LearningRate,
            Optimizer = Gpu.Optimizers.Optimizer.Parse(Optimizer),
            Schedule = LearningRateSchedule.Parse(Schedule),
            RateFactors = RateFactors.Parse(LearningRateOf),
            BatchSize = batchSize,
            Seed = Seed,
            Run = run,
            EvaluateEvery = EvaluateEvery,
        };
        options.Check();
        return options;
    }

    /// <summary>The lines that say on what is trained, where and how.</summary>
    internal void PrintHeading(ResolvedDataset data, ExecutorFactory executors, TrainingOptions options, string parallel = "")
    {
        Terminal.Print($"{data.Source}; {Lower(InputScale)} pixels");
        Terminal.Print($"{executors}{parallel}");
        string schedule = options.Schedule == new ConstantRate() ? "" : $", {options.Schedule}";
        string factors = options.RateFactors.Equals(RateFactors.None) ? "" : $" ({options.RateFactors})";
        string optimizer = options.Optimizer == new Sgd() ? "" : $", {options.Optimizer}";
        Terminal.Print(
            $"{InEpochs(options.Epochs)}, batch size {BatchSize.ToLowerInvariant()}, learning rate " +
            $"{LearningRate}{factors}{schedule}{optimizer}");
    }

    /// <summary>A number of epochs with its noun.</summary>
    protected static string InEpochs(int count) => count == 1 ? "1 epoch" : $"{count} epochs";
}
