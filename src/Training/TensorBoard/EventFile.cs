using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.TensorBoard;

/// <summary>
/// A file of events as TensorFlow's record files are: for each event the length in 8 bytes, its masked CRC-32C, the bytes of the
/// event, and theirs; all little-endian. A record that a kill has cut off is the end for those who read.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const string NameStart = "events.out.tfevents.";

    private readonly GrowingFile _file;

    private EventFile(string path)
    {
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file = new GrowingFile(stream, path);
    }

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
                return new EventFile(Path.Combine(folder, name));
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
        var record = new ArrayBufferWriter<byte>();
        WriteWithSum(record, length);
        WriteWithSum(record, message.Written);
        _file.Append(record.WrittenSpan);
    }

    /// <summary>Brings the file to the disk.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Flush() => _file.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>The seconds in a file's name; null where it has another form, such as more than ten digits.</summary>
    private static long? TimeIn(string path) =>
        Path.GetFileName(path)[NameStart.Length..].Split('.')[0] is { Length: <= 10 } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long time) ? time : null;

    private static void WriteWithSum(ArrayBufferWriter<byte> record, ReadOnlySpan<byte> bytes)
    {
        record.Write(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record.GetSpan(sizeof(uint)), Crc32C.Masked(bytes));
        record.Advance(sizeof(uint));
    }
}
