using System.IO.Compression;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// Trainings of 60 epochs: kernels against the SIMD executor, loss by loss and in their final parameters. Two executors add in
/// different orders. So with each step their parameters drift apart: by the rounding of both (2^-24 of a parameter each), and
/// by the errors of both gradients (3e-6 each at most, see <see cref="RandomNetworkTests"/>) times the length of the step,
/// which is here about a hundredth of the parameters or less. These are 2e-7 per step, or 1e-5 in 60 steps if all point the
/// same way, where nothing makes the drift grow. Where something does, no tolerance would mean anything: a step too large for
/// the curvature, or samples that pass a kink of ReLU or Abs on the other side. So the growth is measured: the SIMD executor
/// trains once more from a start that is disturbed by 1e-4. The disturbance must not double, and the executors must differ by
/// less than a tenth of what it changes.
/// </summary>
public sealed class LongTrainingTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    private const int Epochs = 60;
    private const double Disturbance = 1e-4, LargestGrowth = 2, Share = 0.1;

    /// <summary>
    /// The rounding of one loss, relative to it or, where it is less than 1, to 1: it is a difference of logits that are larger.
    /// </summary>
    private const double LossRounding = 2e-6;

    public static TheoryData<string, string, float, int> MnistCases()
    {
        (string Network, float LearningRate, int BatchSize)[] trainings =
        [
            ("linear(50) > abs > offset-l2(10) > neg", 1e-3f, int.MaxValue),
            ("linear(50) > abs > offset-l2(10) > neg", 3e-4f, 250),
            ("linear(50) > relu > offset-l2(10, form: reference)", 1e-3f, int.MaxValue),
            ("linear(50) > linear(10)", 1e-4f, int.MaxValue),
        ];
        var cases = new TheoryData<string, string, float, int>();
        foreach (string executor in ExecutorFixture.DriversOrFirst) // The CPU accelerator would take minutes.
        {
            // Where all are skipped for the same reason, one says it.
            bool isSkipped = RealMnist.Folder is null || !ExecutorFixture.IsHere(executor);
            foreach (var (network, learningRate, batchSize) in trainings.Take(isSkipped ? 1 : trainings.Length))
                cases.Add(executor, network, learningRate, batchSize);
        }
        return cases;
    }

    [SkippableTheory]
    [MemberData(nameof(MnistCases))]
    public void Sixty_epochs_on_a_part_of_MNIST_end_where_those_of_the_SIMD_executor_do(
        string executorName, string network, float learningRate, int batchSize)
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        Check(executorName, network, MnistPart(600), learningRate, batchSize);
    }

    public static TheoryData<string, string, int, int, float, int> ClusterCases()
    {
        var cases = new TheoryData<string, string, int, int, float, int>();
        foreach (string executor in ExecutorFixture.Names.Skip(1))
        {
            var (count, width, hidden, batchSize) = executor == "kernels" ? (60, 13, 7, 25) : (600, 65, 50, 250);
            cases.Add(executor, $"linear({hidden}) > abs > offset-l2(10) > neg", count, width, 0.01f, int.MaxValue);
            cases.Add(executor, $"linear({hidden}) > abs > offset-l2(10) > neg", count, width, 0.005f, batchSize);
            cases.Add(executor, $"linear({hidden}) > relu > offset-l2(10, form: reference)", count, width, 0.003f, int.MaxValue);
            cases.Add(executor, $"linear({hidden}) > linear(10)", count, width, 0.001f, int.MaxValue);
            cases.Add(executor, $"linear({hidden}) > point-slope(10)", count, width, 0.0003f, batchSize);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(ClusterCases))]
    public void Sixty_epochs_on_clusters_end_where_those_of_the_SIMD_executor_do(
        string executorName, string network, int count, int width, float learningRate, int batchSize) =>
        Check(executorName, network, Clusters(count, width), learningRate, batchSize);

    private void Check(string executorName, string network, Samples samples, float learningRate, int batchSize)
    {
        var plan = NetworkPlan.Compile(Network.Parse(network), samples.Width, 10);
        float[] start = Start(plan);
        Course Train(string name, float[] from)
        {
            using IExecutor executor = devices.Create(name, plan);
            return Course.Of(executor, from, samples, learningRate, batchSize);
        }

        Course actual = Train(executorName, start), expected = Train("simd", start), disturbed = Train("simd", Disturbed(start));
        double[] parameters = ToDoubles(expected.Parameters);
        Assert.InRange(expected.Losses[^1], 0, 0.7 * expected.Losses[0]);
        Assert.InRange(
            Distance.Relative(parameters, disturbed.Parameters, Distance.Norm(parameters)), Disturbance / 1000,
            LargestGrowth * Disturbance);

        double sensitivity = expected.Losses.Zip(disturbed.Losses, (loss, other) => Math.Abs(loss - other) / Math.Max(loss, 1))
            .Max();
        for (int epoch = 0; epoch <= Epochs; epoch++)
        {
            double loss = expected.Losses[epoch];
            Assert.Equal(loss, actual.Losses[epoch], (Share * sensitivity + LossRounding) * Math.Max(loss, 1));
        }
        Distance.AssertClose("parameters", parameters, actual.Parameters, Share * Disturbance);
    }

    /// <summary>
    /// What a training passes through: the loss before each epoch's step, and after the last; and where it ends.
    /// </summary>
    private sealed record Course(double[] Losses, float[] Parameters)
    {
        public static Course Of(IExecutor executor, float[] start, Samples samples, float learningRate, int batchSize)
        {
            using IDeviceSamples data = executor.Upload(samples, batchSize);
            executor.SetParameters(start);
            double[] losses =
            [
                .. Enumerable.Range(0, Epochs).Select(_ => executor.TrainEpoch(data, learningRate).Loss),
                executor.Evaluate(data).Loss,
            ];
            float[] parameters = new float[executor.Plan.ParameterCount];
            executor.GetParameters(parameters);
            return new Course(losses, parameters);
        }
    }

    private static double[] ToDoubles(float[] values) => [.. values.Select(value => (double)value)];

    /// <summary>Uniform within ±1/√(fan-in), as PyTorch draws them; α positive.</summary>
    private static float[] Start(NetworkPlan plan)
    {
        var random = new Random(1);
        return [.. plan.Tensors.SelectMany(tensor => Enumerable.Range(0, tensor.Count).Select(_ =>
            (tensor.Role == ParameterRole.Alpha ? random.NextSingle() : 2 * random.NextSingle() - 1) / MathF.Sqrt(
                tensor.FanIn)))];
    }

    private static float[] Disturbed(float[] parameters)
    {
        var random = new Random(2);
        return [.. parameters.Select(value => value * (float)(1 + Disturbance * (random.Next(2) == 0 ? 1 : -1)))];
    }

    /// <summary>
    /// Bytes scattered around a centre per class, as far as the centres are from each other; half of them zero.
    /// </summary>
    private static Samples Clusters(int count, int width)
    {
        const int Classes = 10, Range = 60;
        var random = new Random(3);
        int[] centres = [.. Enumerable.Range(0, Classes * width).Select(_ => random.Next(-Range, Range))];
        byte[] labels = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(Classes))];
        byte[] values =
        [
            .. labels.SelectMany(label => Enumerable.Range(0, width).Select(i =>
                (byte)Math.Max(0, centres[label * width + i] + random.Next(-Range, Range)))),
        ];
        return new Samples(values, labels, width);
    }

    private static Samples MnistPart(int count)
    {
        const int Width = 28 * 28;
        byte[] Read(string name, int header, int length)
        {
            using var file = new GZipStream(File.OpenRead(Path.Combine(RealMnist.Folder!, name)), CompressionMode.Decompress);
            byte[] bytes = new byte[header + length];
            file.ReadExactly(bytes);
            return bytes[header..];
        }

        return new Samples(
            Read("train-images-idx3-ubyte.gz", 16, count * Width), Read("train-labels-idx1-ubyte.gz", 8, count), Width);
    }
}
