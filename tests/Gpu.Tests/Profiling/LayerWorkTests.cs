using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Tests.Profiling;

public sealed class LayerWorkTests
{
    private const int Inputs = 7, Outputs = 3, Rows = 5;

    /// <summary>Counted by hand in the layers' formulas, for a pair of an input and an output.</summary>
    [Theory]
    [InlineData("linear(3)", 2, 2, 4)]
    // d = x − μ, a d, + a d · d; d, g = r d, + g, + g · d; + a · g
    [InlineData("offset-l2(3)", 4, 5, 7)]
    [InlineData("offset-l2(3, form: reference)", 4, 5, 7)]
    // d = x − μ, + a |d|; d, g = ±r, + g, + g · d; + a · g
    [InlineData("offset-l1(3)", 3, 5, 7)]
    // d = x − c, + w · d; d, + r · d; + w · r
    [InlineData("point-slope(3)", 3, 3, 5)]
    public void The_work_of_a_layer_is_that_of_its_formulas(string layer, int forward, int backwardFirst, int backwardLater)
    {
        PlannedLayer first = NetworkPlan.Compile(Network.Parse(layer), Inputs, Outputs).Layers[0];
        PlannedLayer later = NetworkPlan.Compile(Network.Parse($"neg > {layer}"), Inputs, Outputs).Layers[1];
        Assert.Equal(forward * Inputs * Outputs, LayerWork.ForwardFlop(first, Inputs));
        Assert.Equal(backwardFirst * Inputs * Outputs, LayerWork.BackwardFlop(first, Inputs));
        Assert.Equal(backwardLater * Inputs * Outputs, LayerWork.BackwardFlop(later, Inputs));
    }

    [Fact]
    public void The_catalogue_and_the_profile_of_the_CPU_count_the_same_work()
    {
        foreach (Layer layer in LayerKinds.Examples.Where(layer => layer.HasParameters))
        {
            string text = layer.ToString().Replace("(1", "(3", StringComparison.Ordinal);
            PlannedLayer planned = NetworkPlan.Compile(Network.Parse(text), Inputs, Outputs).Layers[0];
            Kernel[] kernels = [.. layer.Accept(new KernelsOfKind())];
            double Flop(string name, WorkFormula? besides = null) =>
                kernels.First(kernel => kernel.Name.Contains(name, StringComparison.Ordinal)).Flop.Value(Shape)
                    - (besides?.Value(Shape) ?? 0);

            Assert.Equal(Rows * LayerWork.ForwardFlop(planned, Inputs), Flop("-forward-"));
            Assert.Equal(Rows * LayerWork.BackwardFlop(planned, Inputs), Flop("-gradient-", layer is Linear ? "N O" : "0"));
        }
    }

    [Fact]
    public void A_formula_is_read_as_it_is_written()
    {
        WorkFormula formula = "N I V + 8 S I O";
        Assert.Equal(Rows * Inputs * 4 + 8 * Inputs * Outputs, formula.Value(Shape));
        Assert.Equal("N I V + 8 S I O", formula.Text);
        Assert.Throws<FormatException>(() => (WorkFormula)"2 N X");
    }

    private static WorkShape Shape => new(Rows, Inputs, Outputs);
}
