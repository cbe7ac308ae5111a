using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>The place of the label's output among those of the same image, by hand and by sorting.</summary>
public sealed class OutputOrderTests
{
    [Theory]
    [InlineData("linear(2) > relu > linear(2, bias: false)")]
    [InlineData("linear(2) > relu > linear(2, bias: false) > neg")]
    public void Places_are_counted_by_hand_before_any_negation_and_equal_outputs_share_theirs(string network)
    {
        // Outputs before the negation: (10, 0), (0, 0), (20, 4), (0, 25).
        float[] parameters = [1, 0, 0, 1, 0, -5, 1, 0, 0, 1];
        using AnalysisSubject subject = TinySubject.Of(network, parameters, [[10, 0], [0, 4], [20, 9], [0, 30]], [0, 1, 1, 1]);
        OutputOrder order = OutputOrder.Of(subject, Split.Test);
        Assert.Equal([1, 1, 2], order.Images);
        Assert.Equal((0.25, 0.5, 2), (order.SmallestShare, order.LargestShare, order.Outputs));
        // Places 1, 1.5, 2, 2, each less 1.
        Assert.Equal((0.5 + 1 + 1) / 4, order.Mean, 1e-12);
    }

    [Fact]
    public void Places_are_those_in_the_sorted_outputs()
    {
        const string Network = "linear(4) > abs > linear(3)";
        using AnalysisSubject subject = TinySubject.Random(Network);
        float[] outputs = subject.ReadActivations(Split.Train, 2);
        byte[] labels = subject.ImagesOf(Split.Train).Labels.ToArray();
        int[] expected = new int[5];
        for (int n = 0; n < labels.Length; n++)
        {
            float[] sorted = [.. outputs[(3 * n)..(3 * n + 3)].Order()];
            expected[2 * Array.IndexOf(sorted, outputs[3 * n + labels[n]])]++;
        }
        Assert.Equal(expected, OutputOrder.Of(subject, Split.Train).Images);
        Assert.True(expected.Count(images => images > 0) == 3, "the case has every place");
    }
}
