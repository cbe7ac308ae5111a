using System.Buffers;
using System.Diagnostics;

namespace IlgpuDistance.Training.Files;

/// <summary>A file that grows in the course of a training, and is with the operating system up to the last second.</summary>
/// <param name="stream">The file, which is written where it stands; it is closed with this.</param>
/// <param name="name">What messages call it.</param>
internal sealed class GrowingFile(FileStream stream, string name) : IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly ArrayBufferWriter<byte> _pending = new();
    private long _lastFlush = Stopwatch.GetTimestamp();

    /// <summary>Adds bytes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _pending.Write(bytes);
        if (Stopwatch.GetElapsedTime(_lastFlush) >= FlushInterval)
            Flush(toDisk: false);
    }

    /// <summary>Brings the file to the disk.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Flush() => Flush(toDisk: true);

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    /// <summary>The error that the file cannot be written.</summary>
    public IOException CannotWrite(Exception error) => new($"cannot write {name}: {error.Message}", error);

    private void Flush(bool toDisk)
    {
        try
        {
            stream.Write(_pending.WrittenSpan);
            // Before the disk is asked: what it refuses stands in the file all the same, and must not be written again.
            _pending.Clear();
            if (toDisk)
                Disk.Flush(stream);
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            throw CannotWrite(error);
        }
        _lastFlush = Stopwatch.GetTimestamp();
    }
}
