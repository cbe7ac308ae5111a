using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Tests;

internal static class TestSamples
{
    /// <summary>Float samples in −1 to 1 with random labels, the same for the same arguments.</summary>
    public static Samples Random(int count, int width, int classes, int seed = 1)
    {
#pragma warning disable CA5394 // Test data need not be unpredictable.
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, count * width).Select(_ => 2 * random.NextSingle() - 1)];
        byte[] labels = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(classes))];
#pragma warning restore CA5394
        return new Samples(values, labels, width);
    }
}
