using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Tests.Loop;

public sealed class ConstantOutputsTests
{
    [Fact]
    public void Outputs_that_never_change_are_found_whatever_their_value()
    {
        Assert.Equal([0, 2], ConstantOutputs.Find([0, 1, -7, 0, 2, -7, 0, 1, -7], classes: 3));
        Assert.Equal([0, 1], ConstantOutputs.Find([5, 5, 5, 5], classes: 2));
        // The last sample alone may differ, and by one bit.
        Assert.Equal([1], ConstantOutputs.Find([1, 3, 1, 3, MathF.BitIncrement(1), 3], classes: 2));
        Assert.Empty(ConstantOutputs.Find([1, 2, 3], classes: 3));
    }

    [Fact]
    public void They_are_named()
    {
        Assert.Null(ConstantOutputs.InWords([], classes: 3));
        Assert.Equal("the network is dead: its outputs are the same for all test images",
            ConstantOutputs.InWords([0, 1, 2], classes: 3));
        Assert.Equal(
            "a part of the network is dead: of its outputs 0 to 9, 3, 5 and 7 are the same for all test images",
            ConstantOutputs.InWords([3, 5, 7], classes: 10));
        Assert.EndsWith("of its outputs 0 to 9, 3 is the same for all test images", ConstantOutputs.InWords([3], classes: 10),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1)]
    [InlineData]
    public void A_trained_network_says_which_of_its_outputs_are_dead(params int[] dead)
    {
        // Without weights and with a bias below 0, what comes out of ReLU is 0 for every input.
        var plan = NetworkPlan.Compile(Network.Parse("linear(3) > relu"), inputs: 5, classes: 3);
        float[] parameters = [.. Enumerable.Range(0, 3 * 5).Select(i => dead.Contains(i / 5) ? 0f : 1 + i), .. new float[3]];
        using var executor = new ReferenceExecutor(plan);
        using var trainer = new Trainer(
            executor, TestSamples.Random(11, 5, 3, seed: 1), TestSamples.Random(7, 5, 3, seed: 2),
            new TrainingOptions { Epochs = 0, LearningRate = 1 },
            new TrainingState(0, parameters));
        Assert.Single(trainer.Run());
        Assert.Equal(ConstantOutputs.InWords(dead, classes: 3), trainer.FindDefect());
    }
}
