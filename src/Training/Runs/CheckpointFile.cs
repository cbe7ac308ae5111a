using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// A <see cref="Checkpoint"/> as a file: a line of JSON with everything but the parameters; the parameters as float32 with
/// their exact bits, in the byte order of the machine; and the SHA-256 of all that, 32 bytes.
/// </summary>
internal static class CheckpointFile
{
    private static readonly JsonSerializerOptions OneLine = new(JsonFile.Options) { WriteIndented = false };

    private const int Format = 2;

    private sealed record Header(
        int Format, int Epoch, double Seconds, EpochRecord? Last, MetricsMark Metrics, int Parameters, string? Arithmetic)
        : IChecked
    {
        void IChecked.Check()
        {
            Expect.Valid(Last);
            Expect.Valid(Metrics);
            Expect.InRange(Format, CheckpointFile.Format, CheckpointFile.Format);
            Expect.InRange(Epoch, 0);
            Expect.InRange(Seconds, 0, double.MaxValue);
            Expect.That(Last is null || Last.Epoch == Epoch, $"epoch is {Epoch}, and that of its last record {Last?.Epoch}");
        }
    }

    /// <summary>Writes a file, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public static void Write(string path, Checkpoint checkpoint)
    {
        var (epoch, parameters, seconds, last) = checkpoint.State;
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(
            new Header(Format, epoch, seconds, last, checkpoint.Metrics, parameters.Length, checkpoint.Arithmetic), OneLine);
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            void Put(ReadOnlySpan<byte> part)
            {
                stream.Write(part);
                hash.AppendData(part);
            }
            Put(header);
            Put("\n"u8);
            Put(MemoryMarshal.AsBytes(parameters.AsSpan()));
            stream.Write(hash.GetHashAndReset());
        });
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not what was written; the message says so in a few words.</exception>
    /// <exception cref="InputException">Another version of this program wrote it, whose results may have other bits.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Checkpoint Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = file.Length - SHA256.HashSizeInBytes;
        if (length <= 0 || !SHA256.HashData(file.AsSpan(0, length)).AsSpan().SequenceEqual(file.AsSpan(length)))
            throw new InvalidDataException("is damaged: the checksum does not match");
        ReadOnlySpan<byte> content = file.AsSpan(0, length);
        int end = content.IndexOf((byte)'\n');
        try
        {
            Header header = JsonFile.Parse<Header>(content[..Math.Max(end, 0)]);
            ReadOnlySpan<byte> values = content[(end + 1)..];
            Expect.That(
                values.Length == sizeof(float) * (long)header.Parameters, $"{values.Length} bytes are no {header.Parameters} parameters");
            float[] parameters = MemoryMarshal.Cast<byte, float>(values).ToArray();
            var state = new TrainingState(header.Epoch, parameters, header.Seconds, header.Last);
            return new Checkpoint(state, header.Metrics, header.Arithmetic);
        }
        catch (JsonException error)
        {
            throw OtherVersion(path, error);
        }
    }

    private static InputException OtherVersion(string path, Exception cause) => new(
        $"{path}: was written by another version of this program, and with this one the run would get other bits; " +
        $"finish it with that version, {RunProgress.Again}", cause);
}
