using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// The metrics of a training as CSV. While the training lasts, the file grows as <c>metrics.csv.partial</c> and is on the
/// disk up to the last second; <see cref="Complete"/> gives it its name, which therefore never belongs to half a file.
/// </summary>
public sealed class MetricsFile : IDisposable
{
    /// <summary>The file's first line; accuracies are in percent, and empty where they were not evaluated.</summary>
    public const string Header = "epoch,loss,train_accuracy,test_accuracy,seconds";

    /// <summary>What the name ends with until the file is complete.</summary>
    public const string PartialSuffix = ".partial";

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly StringBuilder _pending = new();
    private long _lastFlush = Stopwatch.GetTimestamp();

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name once it is complete.</param>
    /// <exception cref="IOException">The file cannot be written, or is being written already.</exception>
    public MetricsFile(string path)
    {
        _path = path;
        _stream = new FileStream(path + PartialSuffix, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _pending.Append(Header).Append('\n');
        Flush();
    }

    /// <summary>The line of a record. The loss has as many digits as float64 needs to be read back unchanged.</summary>
    public static string Line(EpochRecord record) => string.Create(CultureInfo.InvariantCulture,
        $"{record.Epoch},{record.Loss:R},{record.TrainAccuracy:F4},{record.TestAccuracy:F4},{record.Seconds:F6}");

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record)
    {
        _pending.Append(Line(record)).Append('\n');
        if (Stopwatch.GetElapsedTime(_lastFlush) >= FlushInterval)
            Flush();
    }

    /// <summary>Brings the file to the disk and gives it its name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        Flush();
        try
        {
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_path + PartialSuffix, _path, overwrite: true);
        }
        catch (IOException error)
        {
            throw CannotWrite(error);
        }
    }

    /// <summary>Closes the file; one that is not complete keeps the name that says so.</summary>
    public void Dispose() => _stream.Dispose();

    private void Flush()
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(_pending.ToString()));
        }
        catch (IOException error)
        {
            throw CannotWrite(error);
        }
        _pending.Clear();
        _lastFlush = Stopwatch.GetTimestamp();
    }

    private IOException CannotWrite(IOException error) => new($"cannot write {_path}: {error.Message}", error);
}
