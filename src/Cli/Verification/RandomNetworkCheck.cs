using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Cli.Verification;

/// <summary>
/// Each layer by itself and twice, and random networks, on random samples: the device against the SIMD executor.
/// </summary>
/// <remarks>
/// Two sums in different orders lie a few roundings apart, unless a value falls on the other side of a kink of Abs or ReLU, or
/// on the clamp of a distance: then gradients are others. Networks in which a value lies near one are passed over.
/// </remarks>
internal static class RandomNetworkCheck
{
    private const double Tolerance = 2e-5;

    /// <summary>How near to a kink a value may be, relative to the largest one of its layer.</summary>
    private const float NearKink = 2e-5f;

    private static readonly int[] Widths = [1, 2, 7, 10, 16, 17, 33, 64, 65, 127, 129], Counts = [1, 3, 64, 65, 129, 443];

    /// <summary>Compares all activations, the loss and all gradients.</summary>
    /// <param name="device">The device.</param>
    /// <param name="networks">Random networks beside those of one kind of layer.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The largest differences.</returns>
    /// <exception cref="Discrepancy">Some are too large.</exception>
    public static string Of(VerifiedDevice device, int networks, CancellationToken cancellation)
    {
        var differences = new LargestDifferences();
        IEnumerable<(Func<Random, Network> Network, bool? IsBytes)> cases =
        [
            .. WithParameters(10).Zip(WithParameters(129))
                .SelectMany(layer => (Network[])[new(layer.First), new(layer.Second, new Abs(), layer.First)])
                .SelectMany(network => (bool[])[true, false],
                    (network, isBytes) => ((Func<Random, Network>)(_ => network), (bool?)isBytes)),
            .. Enumerable.Repeat(((Func<Random, Network>)(random => new Network(RandomLayers(random))), (bool?)null), networks),
        ];
        int seed = 0;
        foreach (var (network, isBytes) in cases)
        {
            // Until no value lies near a kink.
            while (!Compare(device, network, isBytes, new Random(seed++), differences))
                cancellation.ThrowIfCancellationRequested();
        }
        return differences.Conclude("networks");
    }

    private static IEnumerable<Layer> WithParameters(int outputs) =>
        LayerKinds.ExamplesOf(outputs).Where(layer => layer.HasParameters);

#pragma warning disable CA5394 // The numbers need not be unpredictable, but the same every time.
    private static bool Compare(
        VerifiedDevice device, Func<Random, Network> create, bool? isBytes, Random random, LargestDifferences differences)
    {
        Network network = create(random);
        var plan = NetworkPlan.Compile(network, inputs: Pick(random, Widths), classes: 10);
        Samples samples = RandomSamples(random, Pick(random, Counts), plan.Inputs, isBytes ?? random.Next(2) == 0);
        float[] parameters = RandomParameters(random, plan);
        string subject = $"\"{network}\" on {samples.Count} × {plan.Inputs} {(samples.IsBytes ? "bytes" : "floats")}";
        bool isNearKink = false;
        device.RunBoth(plan, differences, (executor, other) =>
        {
            using IDeviceSamples mine = executor.Upload(samples), its = other.Upload(samples);
            executor.SetParameters(parameters);
            other.SetParameters(parameters);
            double[][] expected = [.. plan.Layers.Select(layer => Doubles(ActivationsOf(other, its, layer)))];
            isNearKink = plan.Layers.Any(layer => IsNearKink(plan, layer, expected[layer.Index]));
            if (isNearKink)
                return;
            foreach (PlannedLayer layer in plan.Layers)
            {
                differences.Add(
                    "activations", subject, expected[layer.Index], ActivationsOf(executor, mine, layer), Tolerance);
            }
            differences.Add("loss", subject, other.ComputeGradients(its).Loss, executor.ComputeGradients(mine).Loss, Tolerance);
            float[] gradients = new float[plan.ParameterCount], actual = new float[plan.ParameterCount];
            other.GetGradients(gradients);
            executor.GetGradients(actual);
            differences.Add("gradients", subject, Doubles(gradients), actual, Tolerance);
        });
        return !isNearKink;
    }

    private static IEnumerable<Layer> RandomLayers(Random random)
    {
        for (int n = random.Next(3); n >= 0; n--)
        {
            int kind = random.Next(LayerKinds.Examples.Count);
            yield return LayerKinds.ExamplesOf(Pick(random, Widths)).ElementAt(kind);
        }
        yield return Pick(random, [.. WithParameters(10)]);
        if (random.Next(2) == 0)
            yield return Pick(random, [.. LayerKinds.Examples.Where(layer => !layer.HasParameters)]);
    }

    private static Samples RandomSamples(Random random, int count, int width, bool isBytes)
    {
        byte[] labels = new byte[count], values = new byte[count * width];
        double zeros = random.Next(2) == 0 ? 0.8 : 0.1;
        for (int i = 0; i < count; i++)
            labels[i] = (byte)random.Next(10);
        for (int i = 0; i < values.Length; i++)
            values[i] = (byte)(random.NextDouble() < zeros ? 0 : random.Next(8));
        return isBytes
            ? new Samples(values, labels, width, 0.25f, -0.5f)
            : new Samples(values.Select(value => value / 4f - 1).ToArray(), labels, width);
    }

    /// <summary>
    /// Weights that shrink with the fan-in, so that values stay moderate; α is positive, so that no sum cancels.
    /// </summary>
    private static float[] RandomParameters(Random random, NetworkPlan plan) =>
    [
        .. plan.Tensors.SelectMany(tensor => Enumerable.Range(0, tensor.Count).Select(_ =>
            (tensor.Role == ParameterRole.Alpha ? 0.1f + random.NextSingle() : 2 * random.NextSingle() - 1)
            / MathF.Sqrt(tensor.FanIn))),
    ];

    private static T Pick<T>(Random random, T[] things) => things[random.Next(things.Length)];
#pragma warning restore CA5394

    private static float[] ActivationsOf(IExecutor executor, IDeviceSamples samples, PlannedLayer layer)
    {
        float[] activations = new float[samples.Count * layer.Outputs];
        executor.ReadActivations(samples, layer.Index, activations);
        return activations;
    }

    /// <summary>Whether what follows a layer, or its own clamp, would tell a slightly different value from this one.</summary>
    private static bool IsNearKink(NetworkPlan plan, PlannedLayer layer, double[] activations)
    {
        double largest = activations.Max(Math.Abs);
        // Distances are clamped from below, and all but sums have a kink.
        bool canMeetKink = layer.Layer is not Linear || layer.Index + 1 < plan.Layers.Count;
        return canMeetKink && activations.Any(value => Math.Abs(value) <= NearKink * largest);
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];
}
