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

    private readonly EventFile _file;
    private readonly NetworkPlan _plan;
    private readonly int _every;
    private readonly int _epochs;

    private TensorBoardLog(EventFile file, NetworkPlan plan, int every, int epochs) =>
        (_file, _plan, _every, _epochs) = (file, plan, every, epochs);

    /// <summary>Checks, before anything is done for it, that a training can be shown in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="every">Epochs between two histograms.</param>
    /// <param name="joins">Whether events that are there may stay, or are to be replaced.</param>
    /// <exception cref="InputException">It is a file, cannot be read, or has the events of another training.</exception>
    public static void Check(string folder, int every, bool joins)
    {
        if (every < 1)
            throw new InputException($"{Settings.HistogramEpochs} {every}: expected 1 or more");
        OutputFolder.Check(folder, Settings.TensorBoardFolder);
        if (!joins && Opened(folder, () => EventFile.In(folder)) is [var existing, ..])
        {
            throw new InputException(
                $"{folder}: holds the events of a training already ({Path.GetFileName(existing)}); name another folder" +
                $"{Hint.With(Settings.TensorBoardFolder)}, or replace them{Hint.With(Settings.Replacement)}");
        }
    }

    /// <summary>Begins the events of a training, or of a part of it.</summary>
    /// <param name="folder">A folder that <see cref="Check"/> has found to be one.</param>
    /// <param name="plan">The network.</param>
    /// <param name="every">Epochs between two histograms.</param>
    /// <param name="epochs">Epochs of the whole training, after the last of which there are histograms in any case.</param>
    /// <param name="first">The epoch of the first record.</param>
    /// <param name="replaces">Whether events that are there are deleted.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    /// <exception cref="IOException">The disk has failed or is full.</exception>
    public static TensorBoardLog Begin(string folder, NetworkPlan plan, int every, int epochs, int first, bool replaces)
    {
        OutputFolder.Create(folder, Settings.TensorBoardFolder);
        return Opened(folder, () =>
        {
            IReadOnlyList<string> old = replaces ? EventFile.In(folder) : [];
            foreach (string file in old)
                File.Delete(file);
            var log = new TensorBoardLog(EventFile.Create(folder), plan, every, epochs);
            log._file.Append(EventAt(0).Text(3, "brain.Event:2"));
            log._file.Append(EventAt(first).Message(7, new ProtoMessage().Whole(1, SessionStart)));
            return log;
        });
    }

    /// <summary>Adds an epoch.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="read">Reads the parameters, in the host layout.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record, Func<float[]> read)
    {
        var summary = new ProtoMessage();
        void AddNumber(string name, double value) =>
            summary.Message(1, new ProtoMessage().Text(1, name).Single(2, (float)value));

        AddNumber("loss", record.Loss);
        AddNumber("accuracy/training", record.TrainAccuracy);
        if (record.TestAccuracy is { } accuracy)
            AddNumber("accuracy/test", accuracy);
        AddNumber("seconds", record.Seconds);
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
    public void Complete() => _file.Complete();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Does something with a folder, and says in one line why it cannot be done.</summary>
    private static T Opened<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OutputFolder.CannotWrite(folder, error);
        }
    }

    /// <summary>An event of now that belongs to an epoch.</summary>
    private static ProtoMessage EventAt(int epoch) =>
        new ProtoMessage().Number(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0).Whole(2, epoch);
}
