using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

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

    /// <summary>
    /// Parameters of a network, the same for the same one: not the initial ones, among which all alpha are 1 and all offsets 0.
    /// </summary>
    public static float[] RandomParameters(NetworkPlan plan)
    {
        float[] parameters = [.. Random(1, plan.ParameterCount, 1).Floats.ToArray().Select(value => value / 4)];
        // In the reference form negative alpha let sums cancel, and the root makes much of what is left.
        foreach (PlannedLayer layer in plan.Layers.Where(layer => layer.Layer is OffsetL2 { Form: OffsetL2Form.Reference }))
        {
            ParameterTensor alpha = layer.Find(ParameterRole.Alpha)!;
            foreach (ref float value in parameters.AsSpan(alpha.Offset, alpha.Count))
                value = Math.Abs(value);
        }
        return parameters;
    }
}
