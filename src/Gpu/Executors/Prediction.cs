using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>What a network says of samples, labelled or not.</summary>
public static class Prediction
{
    /// <summary>Computes the outputs of the last layer.</summary>
    /// <param name="executor">Runs the network, whose parameters are set.</param>
    /// <param name="samples">The samples.</param>
    /// <returns>[samples, classes] row-major.</returns>
    /// <exception cref="ArgumentException">The samples do not fit the network.</exception>
    /// <exception cref="MemoryException">The samples or their logits do not fit into memory.</exception>
    public static float[] Logits(this IExecutor executor, Samples samples)
    {
        int classes = executor.Plan.Classes;
        float[] logits = HostMemory.Allocate<float>(
            (long)samples.Count * classes, "outputs for the samples", MemoryRemedy.LessData);
        using IDeviceSamples uploaded = executor.Upload(samples);
        executor.ReadActivations(uploaded, executor.Plan.Layers.Count - 1, logits);
        return logits;
    }

    /// <summary>Predicts the class of each sample: that of the largest logit, the first of equals.</summary>
    /// <returns>[samples]</returns>
    /// <inheritdoc cref="Logits"/>
    public static int[] Predict(this IExecutor executor, Samples samples)
    {
        float[] logits = executor.Logits(samples);
        int classes = executor.Plan.Classes;
        return [.. Enumerable.Range(0, samples.Count).Select(sample => IndexOfLargest(logits.AsSpan(sample * classes, classes)))];
    }

    /// <summary>The first index of the largest value.</summary>
    internal static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest])
                largest = i;
        }
        return largest;
    }
}
