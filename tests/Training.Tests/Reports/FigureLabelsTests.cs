using IlgpuDistance.Training.Figures;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>How figures shorten names.</summary>
public sealed class FigureLabelsTests
{
    [Fact]
    public void Short_names_stay_as_they_are()
    {
        string[] names = ["Abs", "ReLU2-Neg", "linear(10)"];
        var labels = new FigureLabels(names);
        Assert.Equal(names, names.Select(name => labels[name]));
    }

    [Fact]
    public void Long_names_that_differ_in_their_middle_show_it()
    {
        string[] names = [.. ((int[])[16, 32, 128]).Select(width =>
            $"linear(64) > abs > linear({width}) > relu > linear(24) > relu > linear(10)")];
        var labels = new FigureLabels(names.Append("Abs"));
        Assert.Equal(
            ["linear(64) > … linear(16) …", "linear(64) > … linear(32) …", "linear(64) > … linear(128) …", "Abs"],
            names.Append("Abs").Select(name => labels[name]));
    }

    [Fact]
    public void A_long_name_by_itself_is_without_its_middle() =>
        Assert.Equal("linear(64) > ab…lu > linear(10)", FigureLabels.Short("linear(64) > abs > linear(32) > relu > linear(10)"));

    [Theory]
    [InlineData("a > b > a > b > a > b > a > b > a > b", "a > b > a > b > a > b > a > b > a > b > a > b")]
    [InlineData("one-very-long-word-that-is-1-at-the-end-of-it-all", "one-very-long-word-that-is-2-at-the-end-of-it-all")]
    [InlineData("Abs, lr 0.001, batch-size 128, seed 1", "Abs, lr 0.001, batch-size 128, seed 1, epochs 5")]
    [InlineData("x 1 2 3 4 5 6 7 8 9 10 11 12 13 14", "y 1 2 3 4 5 6 7 8 9 10 11 12 13 14")]
    public void No_two_names_look_the_same(string first, string second)
    {
        var labels = new FigureLabels([first, second]);
        Assert.NotEqual(labels[first], labels[second]);
    }
}
