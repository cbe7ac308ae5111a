using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.TensorBoard;

/// <summary>
/// The events of a training in a folder that TensorBoard shows as one run: of every epoch the loss, the accuracies and the time,
/// and every so many epochs histograms of the parameters. Numbers of fields are those of TensorBoard's event.proto and
/// summary.proto.
/// </summary>
/// <remarks>
/// A training that goes on begins a file of its own with the start of a session, at which TensorBoard drops what earlier files
/// have of that epoch and of later ones: those that were trained behind the checkpoint, and are trained again.
/// </remarks>
internal sealed class TensorBoardLog : IDisposable
{
    private const int SessionStart = 1;

    private readonly EventFolder _folder;
    private readonly EventFile _file;
    private readonly NetworkPlan _plan;
    private readonly int _every;
    private readonly int _epochs;

    private TensorBoardLog(EventFolder folder, EventFile file, NetworkPlan plan, int every, int epochs) =>
        (_folder, _file, _plan, _every, _epochs) = (folder, file, plan, every, epochs);

    /// <summary>Checks how far histograms are to be apart.</summary>
    /// <param name="every">Epochs between two of them.</param>
    /// <exception cref="InputException">It is less than one.</exception>
    public static void Check(int every)
    {
        if (every < 1)
            throw new InputException($"{Settings.HistogramEpochs} {every}: expected 1 or more");
    }

    /// <summary>Begins the events of a training, or of a part of it.</summary>
    /// <param name="folder">Where; it is the caller's.</param>
    /// <param name="plan">The network.</param>
    /// <param name="every">Epochs between two histograms.</param>
    /// <param name="epochs">Epochs of the whole training, after the last of which there are histograms in any case.</param>
    /// <param name="first">The epoch of the first record.</param>
    /// <param name="earlier">The records of the epochs before it, for a folder that has no events of them.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    /// <exception cref="IOException">The disk has failed or is full.</exception>
    public static TensorBoardLog Begin(
        EventFolder folder, NetworkPlan plan, int every, int epochs, int first, IEnumerable<EpochRecord>? earlier = null)
    {
        EpochRecord[] missing = folder.IsEmpty ? [.. (earlier ?? []).Where(record => record.Epoch < first)] : [];
        var log = new TensorBoardLog(folder, folder.BeginFile(), plan, every, epochs);
        log._file.Append(EventAt(0).Text(3, "brain.Event:2"));
        log._file.Append(EventAt(missing is [var oldest, ..] ? oldest.Epoch : first)
            .Message(7, new ProtoMessage().Whole(1, SessionStart)));
        foreach (EpochRecord record in missing)
            log._file.Append(EventAt(record.Epoch).Message(5, Figures(record)));
        // After a kill the folder would not be empty any more, and nobody would add them.
        if (missing.Length > 0)
            log.Flush();
        return log;
    }

    /// <summary>Adds an epoch.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="read">Reads the parameters, in the host layout.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record, Func<float[]> read)
    {
        _folder.EnsureHeld();
        ProtoMessage summary = Figures(record);
        if (record.Epoch % _every == 0 || record.Epoch == _epochs)
        {
            float[] parameters = read();
            foreach (ParameterTensor tensor in _plan.Tensors)
            {
                var histogram = new Histogram(parameters.AsSpan(tensor.Offset, tensor.Count));
                if (histogram.Count > 0)
                    summary.Message(1, new ProtoMessage().Text(1, $"parameters/{tensor.Name}").Message(5, histogram.ToMessage()));
            }
        }
        _file.Append(EventAt(record.Epoch).Message(5, summary));
    }

    /// <summary>Brings the events to the disk.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Flush() => _file.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static ProtoMessage Figures(EpochRecord record)
    {
        var summary = new ProtoMessage();
        void AddNumber(string name, double value) =>
            summary.Message(1, new ProtoMessage().Text(1, name).Single(2, (float)value));

        AddNumber("loss", record.Loss);
        AddNumber("accuracy/training", record.TrainAccuracy);
        if (record.TestAccuracy is { } accuracy)
            AddNumber("accuracy/test", accuracy);
        AddNumber("seconds", record.Seconds);
        return summary;
    }

    /// <summary>An event of now that belongs to an epoch.</summary>
    private static ProtoMessage EventAt(int epoch) =>
        new ProtoMessage().Number(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0).Whole(2, epoch);
}
