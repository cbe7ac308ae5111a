using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>A layer's activations for some samples, on the device and on the host.</summary>
internal sealed class ObservedLayer : IDisposable
{
    /// <summary>The class that has no sample, of ten.</summary>
    public const int MissingClass = 3;

    /// <summary>Random parameters and 443 samples of 19 values and ten classes.</summary>
    public ObservedLayer(
        ExecutorFixture devices, string executor, string network, int layer, bool isBytes, int batchSize = int.MaxValue,
        int count = 443)
        : this(devices, executor, new RandomCase(Network.Parse(network), 19, 10, count, isBytes, 0.5f, -0.75f, 7), layer,
            batchSize)
    { }

    private ObservedLayer(ExecutorFixture devices, string executor, RandomCase random, int layer, int batchSize)
        : this(devices, executor, random.Plan, layer, WithoutMissingClass(random.Samples()), random.Parameters(), batchSize) { }

    public ObservedLayer(
        ExecutorFixture devices, string executor, NetworkPlan plan, int layer, Samples samples, float[] parameters,
        int batchSize = int.MaxValue)
    {
        Executor = devices.Create(executor, plan);
        Executor.SetParameters(parameters);
        Parameters = parameters;
        Samples = Executor.Upload(samples, batchSize);
        Labels = samples.Labels.ToArray();
        Width = plan.Layers[layer].Outputs;
        Values = new float[samples.Count * Width];
        Executor.ReadActivations(Samples, layer, Values);
        Activations = Executor.Activations(Samples, layer);
    }

    public IExecutor Executor { get; }

    public IDeviceSamples Samples { get; }

    public IDeviceActivations Activations { get; }

    public float[] Parameters { get; }

    public int Width { get; }

    /// <summary>[samples, <see cref="Width"/>], as the executor reads them to the host.</summary>
    public float[] Values { get; }

    public byte[] Labels { get; }

    /// <summary>One node's activations: [samples].</summary>
    public float[] Column(int node) => [.. Enumerable.Range(0, Labels.Length).Select(s => Values[s * Width + node])];

    public int[] SamplesOf(int label) => [.. Enumerable.Range(0, Labels.Length).Where(s => Labels[s] == label)];

    public void Dispose()
    {
        Activations.Dispose();
        Samples.Dispose();
        Executor.Dispose();
    }

    private static Samples WithoutMissingClass(Samples samples)
    {
        byte[] labels = [.. samples.Labels.ToArray().Select(label => label == MissingClass ? (byte)4 : label)];
        return samples.IsBytes
            ? new Samples(samples.Bytes, labels, samples.Width, samples.Scale, samples.Shift)
            : new Samples(samples.Floats, labels, samples.Width, samples.Scale, samples.Shift);
    }
}
