using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Analysis;

public sealed class PrototypeAnalysisTests
{
    private static readonly float[] Identity = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];

    private static readonly byte[][] Images = [[0, 0, 0], [100, 50, 25], [90, 50, 25], [255, 255, 255]];

    private static PrototypeAnalysis Describe(string network, float[] parameters, PixelScaling? scaling = null)
    {
        using AnalysisSubject subject = TinySubject.Of(network, parameters, Images, [0, 1, 0, 1], scaling);
        return PrototypeAnalysis.Of(subject, Split.Train, CancellationToken.None)!;
    }

    [Fact]
    public void Images_are_ranked_by_their_distance()
    {
        PrototypeAnalysis prototypes = Describe("linear(3) > offset-l2(2)", [.. Identity, 95, 50, 25, 0, 0, 0, 2, 2, 2, 1, 1, 1]);
        Prototype first = prototypes.Classes[0];
        Assert.Equal([1, 2, 0, 3], first.Nearest.Select(image => image.Sample));
        Assert.Equal([3, 0, 2, 1], first.Farthest.Select(image => image.Sample));
        Assert.Equal([10f, 10], first.Nearest[..2].Select(image => image.Distance));
        Assert.Equal([1, 0], first.Nearest[..2].Select(image => image.Label));
        Assert.Equal([100, 50, 25], first.Nearest[0].Pixels);
        Assert.Equal([95f, 50, 25], first.Mu);
        Assert.Equal([2f, 2, 2], first.Alpha);
        Assert.Equal(0, prototypes.Classes[1].Nearest[0].Sample);
    }

    [Theory]
    [InlineData("linear(3) > offset-l2(2)", 1, 0)]
    [InlineData("linear(3) > abs > offset-l2(2) > neg", 1, 0)]
    [InlineData("linear(3) > offset-l2(2, form: reference)", 1f / 255, -0.5f)]
    public void The_closest_input_is_the_prototype_where_an_image_can_be_one(string network, float scale, float shift)
    {
        float[] mu = [.. new[] { 200f, 30, 120, 0, 0, 0 }.Select(pixel => scale * pixel + shift)];
        PrototypeAnalysis prototypes = Describe(
            network, [.. Identity, .. mu, 1, 2, 0.5f, 1, 1, 1], new PixelScaling(scale, shift));
        ClosestInput closest = prototypes.Classes[0].Closest;
        Assert.Equal([200, 30, 120], closest.Pixels);
        Assert.True(closest.Distance < 0.01 * closest.StartDistance, $"{closest.StartDistance} to {closest.Distance}");
        Assert.Equal(prototypes.Classes[0].Nearest[0].Distance, closest.StartDistance, 1e-3 * closest.StartDistance);
    }

    [Fact]
    public void The_closest_input_is_at_the_border_where_the_prototype_is_beyond_it()
    {
        PrototypeAnalysis prototypes = Describe(
            "linear(3) > offset-l2(2)", [.. Identity, 300, -40, 120, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
        ClosestInput closest = prototypes.Classes[0].Closest;
        Assert.Equal([255, 0, 120], closest.Pixels);
        Assert.Equal(Math.Sqrt(45 * 45 + 40 * 40), closest.Distance, 0.01);
    }
}
