using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.TensorBoard;

/// <summary>
/// A file of events as TensorFlow's record files are: for each event the length in 8 bytes, its masked CRC-32C, the bytes of the
/// event, and theirs; all little-endian. The file is with the system up to the last second. A record that a kill has cut off is
/// the end for those who read.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const string NameStart = "events.out.tfevents.";

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream _stream;
    private readonly ArrayBufferWriter<byte> _pending = new();
    private long _lastFlush = Stopwatch.GetTimestamp();

    private EventFile(FileStream stream) => _stream = stream;

    /// <summary>The files of events in a folder.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> In(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, $"{NameStart}*") : [];

    /// <summary>Begins a file behind those of the folder: TensorBoard reads them in the order of their names.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static EventFile Create(string folder)
    {
        long time = Math.Max(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), In(folder).Max(TimeIn) + 1 ?? 0);
        while (true)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{NameStart}{time:D10}.ilgpu-distance");
            try
            {
                return new EventFile(new FileStream(
                    Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));
            }
            catch (IOException error) when (FileErrors.IsThere(error))
            {
                // Another process has begun one in the same second.
                time++;
            }
        }
    }

    /// <summary>Adds an event.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(ProtoMessage message)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)message.Written.Length);
        WriteWithSum(length);
        WriteWithSum(message.Written);
        if (Stopwatch.GetElapsedTime(_lastFlush) >= FlushInterval)
            Flush();
    }

    /// <summary>Brings the file to the disk.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete() => Flush(toDisk: true);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>The seconds in a file's name; null where it has another form.</summary>
    private static long? TimeIn(string path) => long.TryParse(
        Path.GetFileName(path)[NameStart.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
        && time < int.MaxValue ? time : null;

    private void WriteWithSum(ReadOnlySpan<byte> bytes)
    {
        _pending.Write(bytes);
        Span<byte> sum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, Crc32C.Masked(bytes));
        _pending.Write(sum);
    }

    private void Flush(bool toDisk = false)
    {
        try
        {
            _stream.Write(_pending.WrittenSpan);
            _pending.Clear();
            if (toDisk)
                Disk.Flush(_stream);
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            throw new IOException($"cannot write {_stream.Name}: {error.Message}", error);
        }
        _lastFlush = Stopwatch.GetTimestamp();
    }
}
