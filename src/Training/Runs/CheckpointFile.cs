using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// A <see cref="Checkpoint"/> as a file: a line of JSON with everything but the tensors; the parameters and what the optimizer
/// keeps, as float32 with their exact bits, in the byte order of the machine; and the SHA-256 of all that, 32 bytes.
/// </summary>
/// <remarks>
/// Format 2, before there were optimizers, had the parameters alone: what plain SGD needs, whose steps have the same bits since.
/// </remarks>
internal static class CheckpointFile
{
    private static readonly JsonSerializerOptions OneLine = new(JsonFile.Options) { WriteIndented = false };

    private const int Format = 3, FormatWithoutOptimizer = 2;

    private sealed record Header(
        int Format, int Epoch, double Seconds, EpochRecord? Last, MetricsMark Metrics, int Parameters, string? Arithmetic,
        IReadOnlyList<string>? Optimizer = null, long Steps = 0)
        : IChecked
    {
        void IChecked.Check()
        {
            Expect.Valid(Last);
            Expect.Valid(Metrics);
            Expect.InRange(Format, FormatWithoutOptimizer, CheckpointFile.Format);
            Expect.InRange(Epoch, 0);
            Expect.InRange(Seconds, 0, double.MaxValue);
            Expect.InRange(Steps, 0, long.MaxValue);
            Expect.That(Last is null || Last.Epoch == Epoch, $"epoch is {Epoch}, and that of its last record {Last?.Epoch}");
        }
    }

    /// <summary>Writes a file, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public static void Write(string path, Checkpoint checkpoint)
    {
        var (epoch, parameters, seconds, last, optimizer) = checkpoint.State;
        IReadOnlyList<StateTensor> tensors = optimizer?.Tensors ?? [];
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(
            new Header(
                Format, epoch, seconds, last, checkpoint.Metrics, parameters.Length, checkpoint.Arithmetic,
                [.. tensors.Select(tensor => tensor.Name)], optimizer?.Steps ?? 0),
            OneLine);
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
            foreach (StateTensor tensor in tensors)
                Put(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
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
            IReadOnlyList<string> names = header.Optimizer ?? [];
            Expect.That(
                header.Parameters >= 0 && values.Length == sizeof(float) * (1L + names.Count) * header.Parameters,
                $"{values.Length} bytes are no {1 + names.Count} tensors of {header.Parameters} parameters");
            float[] floats = MemoryMarshal.Cast<byte, float>(values).ToArray();
            float[] Tensor(int n) => floats[(n * header.Parameters)..((n + 1) * header.Parameters)];
            var optimizer = new OptimizerState(
                header.Steps, [.. names.Select((name, n) => new StateTensor(name, Tensor(n + 1)))]);
            var state = new TrainingState(header.Epoch, Tensor(0), header.Seconds, header.Last, optimizer);
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
