using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Models;

public class InitialisationTests
{
    private static NetworkPlan Compile(string model, int inputs = 784) =>
        NetworkPlan.Compile(PaperModels.Resolve(model, classes: 10), inputs, classes: 10);

    private static float[] Values(NetworkPlan plan, float[] parameters, string tensor)
    {
        ParameterTensor found = plan.Tensors.Single(candidate => candidate.Name == tensor);
        return parameters[found.Offset..(found.Offset + found.Count)];
    }

    [Theory]
    // Of nn.Linear ±1/√(fan-in); of PointSlope, as kaiming_uniform_(a=√2) has them, ±√(2/128).
    [InlineData("ReLU-Bias", "0.weight", 1.0 / 28)]
    [InlineData("ReLU-Bias", "0.bias", 1.0 / 28)]
    [InlineData("ReLU-Bias", "2.weight", 0.0883883476)]
    [InlineData("ReLU-Bias", "2.bias", 0.0883883476)]
    [InlineData("ReLU2-PointSlope", "2.weight", 0.125)]
    public void Uniform_parameters_fill_the_range_that_pytorch_gives_them(string model, string tensor, double bound)
    {
        NetworkPlan plan = Compile(model);
        // Several runs, because ten biases alone do not reach the ends of the range.
        float[] values = [.. Enumerable.Range(0, 40).SelectMany(run => Values(plan, Initialisation.Draw(plan, 1, run), tensor))];
        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.InRange(values.Max(), 0.97 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.97 * bound);
    }

    [Fact]
    public void Prototypes_are_normal_and_their_weights_are_one()
    {
        NetworkPlan plan = Compile("Abs-L2");
        float[] parameters = Initialisation.Draw(plan, 1);
        float[] mu = Values(plan, parameters, "2.mu");
        Assert.Equal(0, mu.Average(), 0.01);
        Assert.Equal(0.1, Math.Sqrt(mu.Average(value => (double)value * value)), 0.01);
        Assert.All(Values(plan, parameters, "2.alpha"), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Points_start_at_zero()
    {
        NetworkPlan plan = Compile("ReLU2-PointSlope");
        Assert.All(Values(plan, Initialisation.Draw(plan, 1), "2.offset"), value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_first_layer_is_the_same_in_all_models()
    {
        NetworkPlan first = Compile("Abs");
        foreach (PaperModel model in PaperModels.All)
        {
            NetworkPlan plan = Compile(model.Name);
            foreach (string tensor in (string[])["0.weight", "0.bias"])
            {
                Assert.Equal(Values(first, Initialisation.Draw(first, 5, 2), tensor),
                    Values(plan, Initialisation.Draw(plan, 5, 2), tensor));
            }
        }
    }

    [Fact]
    public void A_run_does_not_depend_on_the_runs_before_it()
    {
        NetworkPlan plan = Compile("Abs-L2-Neg", inputs: 20);
        float[] alone = Initialisation.Draw(plan, 9, 3);
        for (int run = 0; run < 3; run++)
            Assert.NotEqual(alone, Initialisation.Draw(plan, 9, run));
        Assert.Equal(alone, Initialisation.Draw(plan, 9, 3));
        Assert.NotEqual(alone, Initialisation.Draw(plan, -9, 3));
    }
}
