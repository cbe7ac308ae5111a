using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// The metrics of a training as CSV. While the training lasts, the file grows as <c>metrics.csv.partial</c> and is on the
/// disk up to the last second; <see cref="Complete"/> gives it its name, which therefore never belongs to half a file. As
/// long as it is open, no other process of this program can open it.
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
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _lastFlush = Stopwatch.GetTimestamp();

    private MetricsFile(string path, FileMode mode)
    {
        _path = path;
        _stream = new FileStream(path + PartialSuffix, mode, FileAccess.ReadWrite, FileErrors.OneWriter, bufferSize: 0);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name once it is complete.</param>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public static MetricsFile Create(string path)
    {
        var file = new MetricsFile(path, FileMode.CreateNew);
        file.Restart();
        return file;
    }

    /// <summary>
    /// Opens the file of a training that has not come to its end, under whichever of its two names it has. Then either
    /// <see cref="CutTo"/> or <see cref="Restart"/> says how to go on.
    /// </summary>
    /// <param name="path">Its name once it is complete.</param>
    /// <exception cref="IOException">The file is open elsewhere, or cannot be written.</exception>
    public static MetricsFile Reopen(string path)
    {
        if (!File.Exists(path + PartialSuffix) && File.Exists(path))
            File.Move(path, path + PartialSuffix);
        return new MetricsFile(path, FileMode.OpenOrCreate);
    }

    /// <summary>The line of a record. The loss has as many digits as float64 needs to be read back unchanged.</summary>
    public static string Line(EpochRecord record) => string.Create(CultureInfo.InvariantCulture,
        $"{record.Epoch},{record.Loss:R},{record.TrainAccuracy:F4},{record.TestAccuracy:F4},{record.Seconds:F6}");

    /// <summary>Goes back to the first line.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Restart()
    {
        Truncate([]);
        _pending.Append(Header).Append('\n');
        Flush();
    }

    /// <summary>Goes back to a mark, and goes on from there.</summary>
    /// <exception cref="InvalidDataException">The file is not what it was at the mark; nothing is changed.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public void CutTo(MetricsMark mark)
    {
        if (_stream.Length < mark.Bytes)
            throw new InvalidDataException($"belongs to metrics of {mark.Bytes} bytes, of which {_stream.Length} are there");
        byte[] kept = new byte[mark.Bytes];
        _stream.Position = 0;
        _stream.ReadExactly(kept);
        if (Convert.ToHexStringLower(SHA256.HashData(kept)) != mark.Sha256)
            throw new InvalidDataException("belongs to metrics that have been changed since");
        Truncate(kept);
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record)
    {
        _pending.Append(Line(record)).Append('\n');
        if (Stopwatch.GetElapsedTime(_lastFlush) >= FlushInterval)
            Flush();
    }

    /// <summary>Brings the file to the disk and marks its end.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public MetricsMark Mark()
    {
        Flush(toDisk: true);
        return new MetricsMark(_stream.Position, Convert.ToHexStringLower(_hash.GetCurrentHash()));
    }

    /// <summary>Brings the file to the disk and gives it its name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        Flush(toDisk: true);
        try
        {
            _stream.Dispose();
            File.Move(_path + PartialSuffix, _path, overwrite: true);
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            throw CannotWrite(error);
        }
    }

    /// <summary>Closes the file; one that is not complete keeps the name that says so.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }

    /// <summary>Leaves only the first bytes, which are given.</summary>
    private void Truncate(byte[] kept)
    {
        _pending.Clear();
        _stream.SetLength(kept.Length);
        _stream.Position = kept.Length;
        _hash.GetHashAndReset();
        _hash.AppendData(kept);
    }

    private void Flush(bool toDisk = false)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(_pending.ToString());
        try
        {
            _stream.Write(bytes);
            // Before the disk is asked: what it refuses stands in the file all the same, and must not be written again.
            _hash.AppendData(bytes);
            _pending.Clear();
            if (toDisk)
                Disk.Flush(_stream);
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            throw CannotWrite(error);
        }
        _lastFlush = Stopwatch.GetTimestamp();
    }

    private IOException CannotWrite(Exception error) => new($"cannot write {_path}: {error.Message}", error);
}
