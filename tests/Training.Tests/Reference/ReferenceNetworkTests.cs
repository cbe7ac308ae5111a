using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Reference;

/// <summary>The reference is worth something only if its gradients are those of its loss.</summary>
public sealed class ReferenceNetworkTests
{
    public static TheoryData<string> Networks()
    {
        var data = new TheoryData<string> { "point-slope(4) > point-slope(3)", "linear(5, bias: false) > relu > linear(3)" };
        foreach (PaperModel model in PaperModels.All)
        {
            foreach (OffsetL2Form form in Enum.GetValues<OffsetL2Form>())
            {
                string network = $"{model.Create(classes: 3, form, hidden: 4)}";
                if (!data.Contains(network))
                    data.Add(network);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_are_central_finite_differences_of_the_loss(string network)
    {
        var plan = NetworkPlan.Compile(Network.Parse(network), inputs: 5, classes: 3);
        double[] parameters = [.. Initialisation.Draw(plan, seed: 3).Select(value => (double)value)];
        Samples samples = TestSamples.Random(count: 6, width: 5, classes: 3);
        var reference = new ReferenceNetwork(plan, parameters);
        ReferenceResult result = reference.Run(samples);

        const double Step = 1e-6;
        double LossAt(ref double value, double at)
        {
            double before = value;
            value = at;
            double loss = reference.Run(samples).Loss;
            value = before;
            return loss;
        }

        for (int n = 0; n < parameters.Length; n++)
        {
            ref double value = ref parameters[n];
            double difference = (LossAt(ref value, value + Step) - LossAt(ref value, value - Step)) / (2 * Step);
            Assert.Equal(difference, result.Gradients[n], 1e-8);
        }
        // No kink lay in between.
        Assert.True(reference.SmallestMargin > 10 * Step, $"a value of {reference.SmallestMargin} is too close to a kink");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_of_the_input_are_central_finite_differences_of_an_output(string network)
    {
        var plan = NetworkPlan.Compile(Network.Parse(network), inputs: 5, classes: 3);
        var reference = new ReferenceNetwork(plan, [.. Initialisation.Draw(plan, seed: 3).Select(value => (double)value)]);
        Samples sample = TestSamples.Random(count: 1, width: 5, classes: 3);
        double[] x = reference.Forward(sample, 0)[0];
        const double Step = 1e-6;
        for (int layer = 0; layer < plan.Layers.Count; layer++)
        {
            int output = plan.Layers[layer].Outputs - 1;
            double[] gradient = reference.InputGradient(sample, 0, layer, output).Gradient;
            double At(int n, double by)
            {
                double[] y = [.. x];
                y[n] += by;
                return reference.Layers.Take(layer + 1).Aggregate(y, (input, kind) => kind.Forward(input))[output];
            }

            for (int n = 0; n < x.Length; n++)
                Assert.Equal((At(n, Step) - At(n, -Step)) / (2 * Step), gradient[n], 1e-8);
        }
    }

    [Fact]
    public void The_executor_takes_the_steps_of_its_batches()
    {
        var plan = NetworkPlan.Compile(Network.Parse("linear(4) > abs > offset-l2(3)"), inputs: 5, classes: 3);
        float[] initial = Initialisation.Draw(plan, seed: 3), found = new float[plan.ParameterCount];
        double[] parameters = [.. initial.Select(value => (double)value)];
        Samples samples = TestSamples.Random(count: 6, width: 5, classes: 3);
        using var executor = new ReferenceExecutor(plan);
        using IDeviceSamples uploaded = executor.Upload(samples, batchSize: 4);
        executor.SetParameters(initial);
        executor.TrainEpoch(uploaded, learningRate: 0.5f, [1, 0]);
        executor.GetParameters(found);

        foreach (var (first, count) in ((int, int)[])[(4, 2), (0, 4)])
        {
            var batch = new Samples(samples.Floats.Slice(first * 5, count * 5), samples.Labels.Slice(first, count), width: 5);
            new ReferenceStep(plan, new Sgd()).Take(parameters, new ReferenceNetwork(plan, parameters).Run(batch).Gradients, 0.5);
        }
        for (int n = 0; n < found.Length; n++)
            Assert.Equal(parameters[n], found[n], 1e-6);
        Assert.Equal([1, 0], executor.Visited);
    }
}
