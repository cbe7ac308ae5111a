using System.Diagnostics;
using IlgpuDistance.Gpu.Execution;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// Trains the network of an executor by plain SGD and reports one <see cref="EpochRecord"/> per epoch. The executor is the
/// caller's; the trainer sets and changes its parameters.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly IExecutor executor;
    private readonly TrainingOptions options;
    private readonly IDeviceSamples train;
    private readonly IDeviceSamples test;
    private readonly int start;

    /// <summary>Takes the samples to the device and sets the parameters.</summary>
    /// <param name="executor">Runs the network.</param>
    /// <param name="train">The samples to train on.</param>
    /// <param name="test">The samples to test on.</param>
    /// <param name="options">How to train.</param>
    /// <param name="state">Where to begin: epoch 0 with initial parameters, or the state of an earlier training.</param>
    /// <exception cref="Gpu.InputException">An option cannot be used.</exception>
    /// <exception cref="ArgumentException">The samples do not fit the network.</exception>
    public Trainer(IExecutor executor, Samples train, Samples test, TrainingOptions options, TrainingState state)
    {
        options.Check(train.Count);
        this.executor = executor;
        this.options = options;
        start = Epoch = state.Epoch;
        executor.SetParameters(state.Parameters);
        bool shuffled = options.BatchSize < train.Count;
        this.train = executor.Upload(shuffled ? SampleOrder.Shuffled(train, options.Seed, options.Run) : train, options.BatchSize);
        this.test = executor.Upload(test);
    }

    /// <summary>Epochs trained.</summary>
    public int Epoch { get; private set; }

    /// <summary>How far the training has come; final when <see cref="Run"/> has ended.</summary>
    public TrainingOutcome Outcome { get; private set; }

    /// <summary>The last record; null before the first.</summary>
    public EpochRecord? Last { get; private set; }

    /// <summary>Wall time of all epochs so far.</summary>
    public double Seconds { get; private set; }

    /// <summary>Why the training diverged, naming the epoch; null where it did not.</summary>
    public string? Divergence { get; private set; }

    /// <summary>
    /// Trains, one epoch each time a record is asked for. A training from epoch 0 begins with the record of the untrained
    /// network. It ends after the last epoch, after the epoch in which it was cancelled, or with the record whose loss is
    /// not finite. Can be run once.
    /// </summary>
    /// <param name="cancellation">Ends the training after the current epoch.</param>
    public IEnumerable<EpochRecord> Run(CancellationToken cancellation = default)
    {
        if (start == 0)
            yield return Note(EvaluateUntrained());
        bool cancelled = cancellation.IsCancellationRequested;
        while (Divergence is null && !cancelled && Epoch < options.Epochs)
        {
            var clock = Stopwatch.StartNew();
            PassMetrics pass = TrainEpoch();
            // Asked once an epoch, so that the epoch with which the training ends is always tested.
            cancelled = cancellation.IsCancellationRequested;
            bool tested = Divergence is null && (cancelled || Epoch == options.Epochs || Epoch % options.EvaluateEvery == 0);
            double? testAccuracy = tested ? executor.Evaluate(test).Accuracy : null;
            yield return Note(new EpochRecord(Epoch, pass.Loss, pass.Accuracy, testAccuracy, clock.Elapsed.TotalSeconds));
        }
        if (Divergence is null && ReadState().Parameters.Any(value => !float.IsFinite(value)))
            Divergence = $"the parameters after epoch {Epoch} are not finite";
        Outcome = Divergence is not null ? TrainingOutcome.Diverged
            : Epoch < options.Epochs ? TrainingOutcome.Interrupted
            : TrainingOutcome.Completed;
    }

    /// <summary>Reads what a training that continues from here needs.</summary>
    public TrainingState ReadState()
    {
        float[] parameters = new float[executor.Plan.ParameterCount];
        executor.GetParameters(parameters);
        return new TrainingState(Epoch, parameters);
    }

    /// <summary>Frees the samples on the device.</summary>
    public void Dispose()
    {
        train.Dispose();
        test.Dispose();
    }

    private EpochRecord EvaluateUntrained()
    {
        var clock = Stopwatch.StartNew();
        PassMetrics pass = executor.Evaluate(train);
        if (!double.IsFinite(pass.Loss))
            Divergence = FormattableString.Invariant($"the loss of the untrained network is {pass.Loss}");
        return new EpochRecord(0, pass.Loss, pass.Accuracy, executor.Evaluate(test).Accuracy, clock.Elapsed.TotalSeconds);
    }

    private PassMetrics TrainEpoch()
    {
        int epoch = Epoch + 1;
        int[] batches = train.BatchCount == 1 ? [] : SampleOrder.OfBatches(train.BatchCount, options.Seed, options.Run, epoch);
        PassMetrics pass = executor.TrainEpoch(train, options.LearningRate, batches);
        if (!double.IsFinite(pass.Loss))
            Divergence = FormattableString.Invariant($"the loss of epoch {epoch} is {pass.Loss}");
        Epoch = epoch;
        return pass;
    }

    private EpochRecord Note(EpochRecord record)
    {
        Last = record;
        Seconds += record.Seconds;
        return record;
    }
}
