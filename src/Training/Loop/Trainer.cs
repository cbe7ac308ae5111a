using System.Diagnostics;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// Trains the network of an executor and reports one <see cref="EpochRecord"/> per epoch. The executor is the
/// caller's; the trainer sets and changes its parameters.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly IExecutor _executor;
    private readonly TrainingOptions _options;
    private readonly IDeviceSamples _train;
    private readonly IDeviceSamples _test;
    private bool _hasRun;

    /// <summary>Takes the samples to the device and sets the parameters.</summary>
    /// <param name="executor">Runs the network.</param>
    /// <param name="train">The samples to train on.</param>
    /// <param name="test">The samples to test on.</param>
    /// <param name="options">How to train.</param>
    /// <param name="state">Where to begin: epoch 0 with initial parameters, or the state of an earlier training.</param>
    /// <exception cref="Gpu.Errors.InputException">An option cannot be used.</exception>
    /// <exception cref="ArgumentException">The samples do not fit the network.</exception>
    public Trainer(IExecutor executor, Samples train, Samples test, TrainingOptions options, TrainingState state)
    {
        options.Check(train.Count);
        train.CheckLabels();
        test.CheckLabels();
        _executor = executor;
        _options = options;
        Epoch = state.Epoch;
        Seconds = state.Seconds;
        executor.SetParameters(state.Parameters);
        executor.SetOptimizer(options.Optimizer, options.RateFactors, state.Optimizer);
        bool shuffled = options.BatchSize < train.Count;
        _train = executor.Upload(shuffled ? SampleOrder.Shuffled(train, options.Seed, options.Run) : train, options.BatchSize);
        _test = executor.Upload(test);
        Last = state.Last is null ? null : AsTrainedNow(state.Last);
    }

    /// <summary>Epochs trained.</summary>
    public int Epoch { get; private set; }

    /// <summary>How far the training has come; final when <see cref="Run"/> has ended.</summary>
    public TrainingOutcome Outcome { get; private set; }

    /// <summary>
    /// The last record; null before that of the untrained network. The last of an earlier part of the training is as it would
    /// be here: only the last epoch of all is tested whatever its number, and there may be more or fewer epochs now. When a
    /// training has been cancelled, this one has the test accuracy even where the record that <see cref="Run"/> gave has none.
    /// </summary>
    public EpochRecord? Last { get; private set; }

    /// <summary>Wall time of all epochs so far.</summary>
    public double Seconds { get; private set; }

    /// <summary>Why the training diverged, naming the epoch; null where it did not.</summary>
    public string? Divergence { get; private set; }

    /// <summary>
    /// Trains, one epoch each time a record is asked for. A training that has no record yet begins with that of the untrained
    /// network. It ends after the last epoch, after the epoch in which it was cancelled, or with the record whose loss is
    /// not finite. The records of a training that goes on from an earlier state are those that it would have had anyway.
    /// </summary>
    /// <param name="cancellation">Ends the training after the current epoch.</param>
    /// <exception cref="InvalidOperationException">It was run before: a trainer trains once.</exception>
    public IEnumerable<EpochRecord> Run(CancellationToken cancellation = default)
    {
        if (_hasRun)
            throw new InvalidOperationException("a trainer runs once; make another one from ReadState() to train on");
        _hasRun = true;
        return Records(cancellation);
    }

    private IEnumerable<EpochRecord> Records(CancellationToken cancellation)
    {
        if (Last is null)
            yield return Note(EvaluateUntrained());
        bool cancelled = cancellation.IsCancellationRequested;
        while (Divergence is null && !cancelled && Epoch < _options.Epochs)
        {
            var clock = Stopwatch.StartNew();
            PassMetrics pass = TrainEpoch();
            cancelled = cancellation.IsCancellationRequested;
            double? testAccuracy = Divergence is null && _options.IsTested(Epoch) ? _executor.Evaluate(_test).Accuracy : null;
            yield return Note(new EpochRecord(Epoch, pass.Loss, pass.Accuracy, testAccuracy, clock.Elapsed.TotalSeconds));
        }
        Divergence ??= FindDivergence(ReadState());
        Outcome = Divergence is not null ? TrainingOutcome.Diverged
            : Epoch < _options.Epochs ? TrainingOutcome.Interrupted
            : TrainingOutcome.Completed;
        // Not in the epoch's own record, which is to be the same whether or not the training ends with it.
        if (Outcome == TrainingOutcome.Interrupted && Last is { TestAccuracy: null } last)
            Last = last with { TestAccuracy = _executor.Evaluate(_test).Accuracy };
    }

    /// <summary>Reads what a training that continues from here needs.</summary>
    public TrainingState ReadState()
    {
        float[] parameters = HostMemory.Allocate<float>(_executor.Plan.ParameterCount, "a copy of the parameters");
        _executor.GetParameters(parameters);
        return new TrainingState(Epoch, parameters, Seconds, Last, _executor.GetOptimizerState());
    }

    /// <summary>
    /// What is wrong with the network although its loss is finite, as a sentence; null where it is sound. See
    /// <see cref="ConstantOutputs"/>. After <see cref="Run"/>.
    /// </summary>
    public string? FindDefect()
    {
        int classes = _executor.Plan.Classes;
        float[] logits = HostMemory.Allocate<float>((long)_test.Count * classes, "outputs for the test images");
        _executor.ReadActivations(_test, _executor.Plan.Layers.Count - 1, logits);
        return ConstantOutputs.InWords(ConstantOutputs.Find(logits, classes), classes);
    }

    /// <summary>Frees the samples on the device.</summary>
    public void Dispose()
    {
        _train.Dispose();
        _test.Dispose();
    }

    private EpochRecord AsTrainedNow(EpochRecord last) =>
        !_options.IsTested(last.Epoch) ? last with { TestAccuracy = null }
        : last with { TestAccuracy = last.TestAccuracy ?? _executor.Evaluate(_test).Accuracy };

    private EpochRecord EvaluateUntrained()
    {
        var clock = Stopwatch.StartNew();
        PassMetrics pass = _executor.Evaluate(_train);
        if (!double.IsFinite(pass.Loss))
            Divergence = FormattableString.Invariant($"the loss of the untrained network is {pass.Loss}");
        return new EpochRecord(0, pass.Loss, pass.Accuracy, _executor.Evaluate(_test).Accuracy, clock.Elapsed.TotalSeconds);
    }

    private PassMetrics TrainEpoch()
    {
        int epoch = Epoch + 1;
        int[] batches = _train.BatchCount == 1
            ? []
            : SampleOrder.OfBatches(_train.BatchCount, _options.Seed, _options.Run, epoch);
        float[] rates = [.. Enumerable.Range(0, _train.BatchCount)
            .Select(batch => _options.RateAt(Epoch, batch, _train.BatchCount))];
        PassMetrics pass = _executor.TrainEpoch(_train, rates, batches);
        if (!double.IsFinite(pass.Loss))
            Divergence = FormattableString.Invariant($"the loss of epoch {epoch} is {pass.Loss}");
        Epoch = epoch;
        return pass;
    }

    private static string? FindDivergence(TrainingState state)
    {
        if (!state.Parameters.All(float.IsFinite))
            return $"the parameters after epoch {state.Epoch} are not finite";
        return state.Optimizer?.Tensors.FirstOrDefault(tensor => !tensor.Values.All(float.IsFinite)) is { } tensor
            ? $"the optimizer's {tensor.Name} after epoch {state.Epoch} is not finite"
            : null;
    }

    private EpochRecord Note(EpochRecord record)
    {
        Last = record;
        Seconds += record.Seconds;
        return record;
    }
}
