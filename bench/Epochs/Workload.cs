using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>The samples of an epoch.</summary>
/// <param name="Train">The samples to train on, as bytes.</param>
/// <param name="Test">The samples to test on, as bytes.</param>
/// <param name="Classes">Number of classes.</param>
internal sealed record Workload(Samples Train, Samples Test, int Classes)
{
    /// <summary>A data set with raw pixels, as the paper's figures came from.</summary>
    public static Workload Of(Dataset dataset) =>
        new(dataset.TrainSamples(InputScaling.Raw), dataset.TestSamples(InputScaling.Raw), dataset.Classes);

    /// <summary>
    /// Samples without a single zero and as wide as MNIST, of which nothing can be skipped. Scaled to 0 to 1, because
    /// training on raw random bytes diverges at once.
    /// </summary>
    public static Workload Dense()
    {
        const int Width = 784, Classes = 10;
        var random = new Random(1);
        Samples Draw(int count)
        {
            byte[] pixels = new byte[count * Width], labels = new byte[count];
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)random.Next(1, 256);
            for (int i = 0; i < labels.Length; i++)
                labels[i] = (byte)random.Next(Classes);
            return new Samples(pixels, labels, Width, scale: 1f / 255);
        }
        return new Workload(Draw(20_000), Draw(3_333), Classes);
    }

    /// <summary>A network for the samples.</summary>
    /// <exception cref="InputException">It does not fit them.</exception>
    public NetworkPlan Plan(Network network) => NetworkPlan.Compile(network, Train.Width, Classes);

    /// <summary>
    /// Operations of an epoch without the products with pixels that are zero: forward and backward over the samples to train on,
    /// forward over those to test on. Softmax and the step are not counted.
    /// </summary>
    public double UsefulFlop(NetworkPlan plan) => Flop(plan, NonZeros(Train), NonZeros(Test));

    /// <summary>The same with these products.</summary>
    public double DenseFlop(NetworkPlan plan) => Flop(plan, plan.Inputs, plan.Inputs);

    private double Flop(NetworkPlan plan, double trainInputs, double testInputs) =>
        Train.Count * LayerWork.Flop(plan, trainInputs, backward: true) +
        Test.Count * LayerWork.Flop(plan, testInputs, backward: false);

    /// <summary>Mean number of values per sample that are not zero.</summary>
    public static double NonZeros(Samples samples) =>
        (double)(samples.Bytes.Length - samples.Bytes.Span.Count((byte)0)) / samples.Count;
}
