using System.Diagnostics;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.TensorBoard;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// One training with its folder: begins it or takes it up where the folder says, records every epoch, saves checkpoints on
/// the way, and writes the results. The executor and the folder are the caller's.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingSetup _setup;
    private readonly RunFolder? _folder;
    private readonly CheckpointInterval _interval;
    private readonly TensorBoardLog? _events;
    private readonly int _start;

    /// <summary>Takes the samples and the parameters to the device.</summary>
    /// <param name="setup">What to train.</param>
    /// <param name="executor">Runs the network of the setup.</param>
    /// <param name="folder">
    /// Where results are written, and where an earlier part of the training may lie; null for nowhere.
    /// </param>
    /// <param name="interval">How often checkpoints are written; null for the default.</param>
    /// <param name="events">Where every epoch is noted for TensorBoard, too; null for nowhere.</param>
    public TrainingSession(
        TrainingSetup setup, IExecutor executor, RunFolder? folder = null, CheckpointInterval? interval = null,
        TensorBoardLog? events = null)
    {
        _setup = setup;
        _folder = folder;
        _interval = interval ?? new CheckpointInterval();
        _events = events;
        TrainingState state = folder?.State ?? setup.Start;
        _start = state.Epoch;
        Trainer = new Trainer(executor, setup.TrainSamples, setup.TestSamples, setup.Options, state);
    }

    /// <summary>The training itself.</summary>
    public Trainer Trainer { get; }

    /// <summary>Trains, one epoch each time a record is asked for; see <see cref="Loop.Trainer.Run"/>.</summary>
    /// <param name="requests">Asks for checkpoints between those of the interval; null where nobody does.</param>
    /// <param name="cancellation">Ends the training after the current epoch, with a checkpoint.</param>
    /// <exception cref="IOException">The metrics, the events or a checkpoint cannot be written.</exception>
    public IEnumerable<EpochRecord> Run(CheckpointRequests? requests = null, CancellationToken cancellation = default)
    {
        int answered = requests?.Answered ?? 0;
        int savedEpoch = _start;
        long savedAt = Stopwatch.GetTimestamp();
        if (Trainer.Last is { } last)
            Note(last);
        foreach (EpochRecord record in Trainer.Run(cancellation))
        {
            Note(record);
            yield return record;
            int made = requests?.Made ?? 0;
            bool isDue = record.Epoch - savedEpoch >= _interval.Epochs
                && Stopwatch.GetElapsedTime(savedAt).TotalSeconds >= _interval.Seconds;
            if (Trainer.Divergence is null && (isDue || made > answered))
            {
                Save();
                requests?.Answer(made);
                (savedEpoch, savedAt, answered) = (record.Epoch, Stopwatch.GetTimestamp(), made);
            }
        }
        if (Trainer.Outcome == TrainingOutcome.Interrupted)
            Save();
    }

    /// <summary>Writes the results, after <see cref="Run"/> has ended.</summary>
    /// <returns>How the training ended; null without a folder.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public RunDescription? Complete()
    {
        try
        {
            return _folder?.Complete(Trainer, _setup.Plan, _setup.DescribeModel());
        }
        finally
        {
            _events?.Flush();
        }
    }

    private void Save()
    {
        if (_folder is null)
            return;
        // A training that goes on from the checkpoint does not note the epochs before it again.
        _events?.Flush();
        _folder.Save(Trainer.ReadState());
    }

    private void Note(EpochRecord record)
    {
        _folder?.Append(record);
        _events?.Append(record, () => Trainer.ReadState().Parameters);
    }

    /// <summary>Frees the samples on the device.</summary>
    public void Dispose() => Trainer.Dispose();
}
