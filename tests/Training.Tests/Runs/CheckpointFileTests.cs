using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Runs;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Checkpoint Example(params float[] parameters) => new(
        new TrainingState(7, parameters, 0.1 + 0.2, new EpochRecord(7, 1.0 / 3, 97.25, null, 0.125),
            new OptimizerState(21, [new("first", parameters), new("second", [.. parameters.Reverse()])])),
        new MetricsMark(123, new string('0', 64)), "64-bit vectors");

    private string Written(Checkpoint checkpoint)
    {
        CheckpointFile.Write(_folder["checkpoint"], checkpoint);
        return _folder["checkpoint"];
    }

    [Fact]
    public void It_gives_back_every_bit_of_what_was_written()
    {
        float[] parameters = [1f / 3, -0f, float.Epsilon, float.MaxValue, float.NaN, float.NegativeInfinity,
            BitConverter.Int32BitsToSingle(0x7fc12345)];
        Checkpoint written = Example(parameters), read = CheckpointFile.Read(Written(written));
        Assert.Equal(parameters.Select(BitConverter.SingleToInt32Bits),
            read.State.Parameters.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(written.State with { Parameters = read.State.Parameters, Optimizer = read.State.Optimizer }, read.State);
        OptimizerState kept = read.State.Optimizer!;
        Assert.Equal((21, "first", "second"), (kept.Steps, kept.Tensors[0].Name, kept.Tensors[1].Name));
        Assert.Equal(parameters.Select(BitConverter.SingleToInt32Bits),
            kept.Tensors[0].Values.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(parameters.Reverse().Select(BitConverter.SingleToInt32Bits),
            kept.Tensors[1].Values.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(written.Metrics, read.Metrics);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_no_number_is_kept(double loss)
    {
        Checkpoint example = Example(1);
        var written = example with { State = example.State with { Last = example.State.Last! with { Loss = loss } } };
        Assert.Equal(loss, CheckpointFile.Read(Written(written)).State.Last!.Loss);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_damaged()
    {
        byte[] whole = File.ReadAllBytes(Written(Example(1, 2, 3)));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], whole[..length]);
            Assert.Contains("is damaged", Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(_folder["cut"])).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_in_which_any_bit_is_flipped_is_damaged()
    {
        byte[] whole = File.ReadAllBytes(Written(Example(1, 2, 3)));
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= (byte)(1 << i % 8);
            File.WriteAllBytes(_folder["flipped"], flipped);
            Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(_folder["flipped"]));
        }
    }
}
