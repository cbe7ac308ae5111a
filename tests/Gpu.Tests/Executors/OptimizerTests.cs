using System.Text.Json;
using IlgpuDistance.Cli.Verification;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Tests.Reference;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed class OptimizerTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    private static readonly NetworkPlan Plan = NetworkPlan.Compile(
        Network.Parse("linear(7) > abs > offset-l2(5) > relu > point-slope(3)"), inputs: 19, classes: 3);

    /// <summary>
    /// The networks that the CPU accelerator trains, whose work-items are threads: together they have each kind of parameter, and
    /// the kernels of layers have tests of their own.
    /// </summary>
    private static readonly string[] OnCpuAccelerator = ["Abs-Bias", "Abs-L2-Neg.paper", "ReLU2-PointSlope"];

    private static string Folder => Path.Combine(GoldenFiles.Folder, "Optimizers");

    public static TheoryData<string, string> GoldenCases() =>
        ExecutorFixture.AllWith(Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)!).Order());

    public static TheoryData<string, string> Examples() =>
        ExecutorFixture.AllWith(Optimizer.All.Select(syntax => syntax.Default.ToString()));

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Twenty_five_steps_agree_with_PyTorch(string executorName, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file + ".json")));
        var optimizer = Optimizer.Parse(document.RootElement.GetProperty("optimizer").GetString()!);
        float rate = document.RootElement.GetProperty("learning_rate").GetSingle();
        foreach (JsonProperty network in document.RootElement.GetProperty("networks").EnumerateObject())
        {
            if (executorName == "kernels" && !OnCpuAccelerator.Contains(network.Name))
                continue;
            var golden = GoldenFiles.Load(network.Name);
            using IExecutor executor = devices.Create(executorName, golden.Plan);
            using IDeviceSamples samples = executor.Upload(golden.Samples);
            executor.SetParameters(golden.Parameters);
            executor.SetOptimizer(optimizer);

            double[] losses = GoldenCase.Doubles(network.Value.GetProperty("losses"));
            Assert.Equal(26, losses.Length);
            foreach (double loss in losses[..^1])
                Assert.Equal(loss, executor.TrainEpoch(samples, rate).Loss, 1e-4 * loss);
            Assert.Equal(losses[^1], executor.Evaluate(samples).Loss, 1e-4 * losses[^1]);
            JsonElement expected = network.Value.GetProperty("parameters");
            float[] parameters = ParametersOf(executor);
            foreach (ParameterTensor tensor in golden.Plan.Tensors)
            {
                Distance.AssertClose(
                    $"{tensor.Name} of {network.Name}", GoldenCase.Doubles(expected.GetProperty(tensor.Name)),
                    parameters.AsSpan(tensor.Offset, tensor.Count), 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Steps_of_batches_with_rates_of_their_own_and_factors_agree_with_the_float64_reference(
        string executorName, string text)
    {
        var optimizer = Optimizer.Parse(text);
        var factors = RateFactors.Parse("mu=20,alpha=0.5,bias=0");
        Samples all = Data();
        float[] start = Start();
        float[] rates = [1e-3f, 3e-3f, 2e-3f];
        using IExecutor executor = devices.Create(executorName, Plan);
        using IDeviceSamples samples = executor.Upload(all, batchSize: 11);
        executor.SetParameters(start);
        executor.SetOptimizer(optimizer, factors);

        double[] parameters = [.. start.Select(value => (double)value)];
        var network = new ReferenceNetwork(Plan, parameters);
        var step = new ReferenceStep(Plan, optimizer, factors);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            executor.TrainEpoch(samples, rates, [2, 0, 1]);
            foreach (var (n, batch) in ((int[])[2, 0, 1]).Index())
            {
                int first = 11 * batch, count = Math.Min(11, all.Count - first);
                step.Take(parameters, network.Run(Part(all, first, count)).Gradients, rates[n]);
            }
        }
        float[] found = ParametersOf(executor);
        ParameterTensor bias = Plan.Layers[0].Find(ParameterRole.Bias)!;
        Assert.Equal(start.AsSpan(bias.Offset, bias.Count), found.AsSpan(bias.Offset, bias.Count));
        foreach (ParameterTensor tensor in Plan.Tensors)
        {
            // What is compared is the way that was gone, which is short beside the parameters.
            double[] way = [.. Enumerable.Range(tensor.Offset, tensor.Count).Select(n => parameters[n] - start[n])];
            float[] gone = [.. Enumerable.Range(tensor.Offset, tensor.Count).Select(n => found[n] - start[n])];
            Distance.AssertClose($"the way of {tensor.Name}", way, gone, 1e-3);
        }
        OptimizerState expected = step.State, state = executor.GetOptimizerState();
        Assert.Equal((9, 9), (expected.Steps, state.Steps));
        Assert.Equal(optimizer.State, state.Tensors.Select(tensor => tensor.Name));
        foreach (var (one, other) in expected.Tensors.Zip(state.Tensors))
            Distance.AssertClose(one.Name, [.. one.Values.Select(value => (double)value)], other.Values, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_training_goes_on_from_its_state_with_the_same_bits(string executorName, string text)
    {
        var optimizer = Optimizer.Parse(text);
        float[] Train(params int[] parts)
        {
            float[] parameters = Start();
            OptimizerState? state = null;
            foreach (int epochs in parts)
            {
                using IExecutor executor = devices.Create(executorName, Plan);
                using IDeviceSamples samples = executor.Upload(Data(), batchSize: 20);
                executor.SetParameters(parameters);
                executor.SetOptimizer(optimizer, RateFactors.Parse("mu=3"), state);
                for (int epoch = 0; epoch < epochs; epoch++)
                    executor.TrainEpoch(samples, 1e-3f);
                (parameters, state) = (ParametersOf(executor), executor.GetOptimizerState());
            }
            return [.. parameters, .. state!.Tensors.SelectMany(tensor => tensor.Values), state.Steps];
        }

        Assert.Equal(Train(5), Train(2, 1, 2));
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void A_state_of_another_optimizer_or_plan_and_rates_of_other_batches_are_refused(string executorName)
    {
        using IExecutor executor = devices.Create(executorName, Plan);
        executor.SetParameters(Start());
        using IDeviceSamples samples = executor.Upload(Data(), batchSize: 20);
        executor.SetOptimizer(new Momentum());
        executor.TrainEpoch(samples, 1e-3f);
        OptimizerState state = executor.GetOptimizerState();
        Assert.Equal(2, state.Steps);

        Assert.Contains(
            "the state has velocity; \"sgd\" keeps none",
            Assert.Throws<ArgumentException>(() => executor.SetOptimizer(new Sgd(), state: state)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "the state has 3 values of velocity; ",
            Assert.Throws<ArgumentException>(() => executor.SetOptimizer(
                new Momentum(), state: state with { Tensors = [new StateTensor("velocity", new float[3])] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "3 learning rates do not belong to 2 batches",
            Assert.Throws<ArgumentException>(() => executor.TrainEpoch(samples, (float[])[1, 2, 3])).Message,
            StringComparison.Ordinal);
    }

    private static Samples Data()
    {
        var random = new Random(8);
        return new Samples(
            Enumerable.Range(0, 31 * Plan.Inputs).Select(_ => random.NextSingle() - 0.25f).ToArray(),
            Enumerable.Range(0, 31).Select(_ => (byte)random.Next(3)).ToArray(), Plan.Inputs);
    }

    private static Samples Part(Samples all, int first, int count) => new(
        all.Floats.Slice(first * all.Width, count * all.Width), all.Labels.Slice(first, count), all.Width);

    private static float[] Start()
    {
        var random = new Random(9);
        return [.. Enumerable.Range(0, Plan.ParameterCount).Select(_ => 0.5f * random.NextSingle() + 0.1f)];
    }

    private static float[] ParametersOf(IExecutor executor)
    {
        float[] parameters = new float[executor.Plan.ParameterCount];
        executor.GetParameters(parameters);
        return parameters;
    }
}
