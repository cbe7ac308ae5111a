using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed class ReferenceNetworkTests
{
    [Theory]
    [InlineData("linear(5) > relu > point-slope(4) > relu")]
    [InlineData("point-slope(6) > point-slope(4)")]
    [InlineData("linear(5) > abs > offset-l2(4) > neg")]
    [InlineData("linear(5) > abs > offset-l2(4, form: reference)")]
    [InlineData("linear(5, bias: false) > relu > linear(4)")]
    public void Gradients_are_central_finite_differences_of_the_loss(string network)
    {
        var plan = NetworkPlan.Compile(Network.Parse(network), inputs: 7, classes: 4);
        var random = new Random(3);
        double[] parameters = [.. Enumerable.Range(0, plan.ParameterCount).Select(_ => random.NextDouble() * 2 - 0.9)];
        var samples = new Samples(
            Enumerable.Range(0, 7 * 9).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray(),
            Enumerable.Range(0, 9).Select(_ => (byte)random.Next(4)).ToArray(), width: 7);
        double[] gradients = new ReferenceNetwork(plan, parameters).Run(samples).Gradients;

        const double Step = 1e-6;
        for (int n = 0; n < parameters.Length; n++)
        {
            double LossAt(double value)
            {
                double[] moved = [.. parameters];
                moved[n] = value;
                return new ReferenceNetwork(plan, moved).Run(samples).Loss;
            }

            double difference = (LossAt(parameters[n] + Step) - LossAt(parameters[n] - Step)) / (2 * Step);
            Assert.Equal(difference, gradients[n], 1e-8);
        }
    }
}
