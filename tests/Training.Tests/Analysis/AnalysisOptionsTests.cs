using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Analysis;

public sealed class AnalysisOptionsTests
{
    [Fact]
    public void Analyses_are_named_in_any_order_and_case_and_each_is_done_once()
    {
        Assert.Equal([AnalysisKind.DeadNodes, AnalysisKind.NodePerturbation, AnalysisKind.Theory],
            AnalysisOptions.ParseWhat("Theory, dead-nodes,node-perturbation,theory"));
        Assert.Equal(Enum.GetValues<AnalysisKind>(), AnalysisOptions.ParseWhat("weights,all"));
        string message = Assert.Throws<InputException>(() => AnalysisOptions.ParseWhat("theory,nodes")).Message;
        Assert.StartsWith(
            "analyses theory,nodes: \"nodes\" is no analysis; expected all, or some of dead-nodes, perturbation, " +
            "node-perturbation,", message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => AnalysisOptions.ParseWhat(""));
    }

    [Fact]
    public void Fractions_are_above_0_and_up_to_1()
    {
        Assert.Equal([0.01, 0.05, 1], AnalysisOptions.ParseRare("0.05, 0.01,1,0.05"));
        foreach (string wrong in (string[])["0", "-0.1", "1.5", "1 %", "", "0.01,,0.05", "NaN"])
        {
            Assert.StartsWith($"rare fractions {wrong}: ",
                Assert.Throws<InputException>(() => AnalysisOptions.ParseRare(wrong)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ReLU", new[] { 1 }, new[] { 1 }, 0, 2, null)]
    [InlineData("Abs2-Neg", new[] { 1, 3 }, new[] { 1 }, 0, 3, null)]
    [InlineData("ReLU-L2-Neg", new[] { 1 }, new[] { 1 }, 0, 2, 2)]
    [InlineData("L2-Neg", new int[0], new[] { 0 }, 0, 1, 1)]
    [InlineData("linear(10)", new int[0], new int[0], null, 0, null)]
    [InlineData("offset-l2(10) > neg", new int[0], new int[0], null, 0, 0)]
    [InlineData("abs > linear(10) > relu > neg > neg", new[] { 0, 2 }, new int[0], null, 2, null)]
    [InlineData("linear(7) > neg > abs > linear(5) > relu > neg > offset-l2(10)", new[] { 2, 4 }, new[] { 2, 5 }, 1, 6, 6)]
    [InlineData("offset-l2(7) > linear(10)", new int[0], new[] { 0 }, 0, 1, null)]
    public void The_layers_that_are_looked_at_are_found(
        string model, int[] activations, int[] hidden, int? preActivation, int representation, int? prototypes)
    {
        var roles = new NetworkRoles(NetworkPlan.Compile(PaperModels.Resolve(model, classes: 10), inputs: 6, classes: 10));
        Assert.Equal(activations, roles.Activations);
        Assert.Equal(hidden, roles.Hidden);
        Assert.Equal((preActivation, representation, prototypes), (roles.PreActivation, roles.Representation, roles.Prototypes));
    }
}
