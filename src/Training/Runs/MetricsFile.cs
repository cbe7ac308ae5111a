using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// The metrics of a training as CSV. While the training lasts, the file grows as <c>metrics.csv.partial</c> and is on the
/// disk up to the last second; <see cref="Complete"/> gives it its name, which therefore never belongs to half a file. As
/// long as it is open, no other process of this program can open it.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    /// <summary>The file's first line; accuracies are in percent, and empty where they were not evaluated.</summary>
    public const string Header = "epoch,loss,train_accuracy,test_accuracy,seconds";

    /// <summary>What the name ends with until the file is complete.</summary>
    public const string PartialSuffix = ".partial";

    private readonly string _path;
    private readonly GrowingFile _file;

    // Of all lines but the last one, before which a mark lies.
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;
    private byte[] _lastLine = [];

    private MetricsFile(string path, byte[] lines)
    {
        _path = path;
        var stream = new FileStream(
            path + PartialSuffix, FileMode.Open, FileAccess.ReadWrite, FileErrors.OneWriter, bufferSize: 0)
        {
            Position = lines.Length,
        };
        _file = new GrowingFile(stream, path);
        _bytes = lines.Length;
        _hash.AppendData(lines);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name once it is complete.</param>
    /// <exception cref="IOException">The file is open elsewhere, or cannot be written.</exception>
    public static MetricsFile Create(string path) => GoOn(path, Encoding.UTF8.GetBytes(Header + "\n"));

    /// <summary>Goes on after some lines. A file that has its name, because it is complete, is left as it is.</summary>
    /// <param name="path">Its name once it is complete.</param>
    /// <param name="lines">The bytes of these lines, which replace what there is.</param>
    /// <exception cref="IOException">The file is open elsewhere, or cannot be written; an older one is untouched.</exception>
    internal static MetricsFile GoOn(string path, byte[] lines)
    {
        // So that a file that is open elsewhere is not replaced.
        _ = Read(path + PartialSuffix);
        AtomicFile.Write(path + PartialSuffix, stream => stream.Write(lines));
        return new MetricsFile(path, lines);
    }

    /// <summary>The bytes of the file of a training that has not come to its end; none where it is missing.</summary>
    /// <param name="path">Its name once it is complete, which it may have already.</param>
    /// <exception cref="IOException">The file is open elsewhere, or cannot be read.</exception>
    internal static byte[] ReadNow(string path) =>
        Read(NameNow(path));

    /// <summary>The name that the file has, be it complete or not.</summary>
    internal static string NameNow(string path) =>
        File.Exists(path + PartialSuffix) || !File.Exists(path) ? path + PartialSuffix : path;

    /// <summary>The line of a record. The loss has as many digits as float64 needs to be read back unchanged.</summary>
    public static string Line(EpochRecord record) => string.Create(CultureInfo.InvariantCulture,
        $"{record.Epoch},{record.Loss:R},{record.TrainAccuracy:F4},{record.TestAccuracy:F4},{record.Seconds:F6}");

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record)
    {
        PassLastLine();
        _lastLine = Encoding.UTF8.GetBytes(Line(record) + "\n");
        _file.Append(_lastLine);
    }

    /// <summary>Brings the file to the disk and marks where its last line begins.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public MetricsMark Mark()
    {
        _file.Flush();
        return new MetricsMark(_bytes, Convert.ToHexStringLower(_hash.GetCurrentHash()));
    }

    /// <summary>Brings the file to the disk and gives it its name.</summary>
    /// <returns>Its SHA-256 in hexadecimal.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public string Complete()
    {
        _file.Flush();
        try
        {
            _file.Dispose();
            File.Move(_path + PartialSuffix, _path, overwrite: true);
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            throw _file.CannotWrite(error);
        }
        PassLastLine();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    /// <summary>Closes the file; one that is not complete keeps the name that says so.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    /// <summary>Reads a file that no other process has open to write it.</summary>
    private static byte[] Read(string path)
    {
        if (!File.Exists(path))
            return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileErrors.OneWriter);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private void PassLastLine()
    {
        _hash.AppendData(_lastLine);
        _bytes += _lastLine.Length;
        _lastLine = [];
    }
}
