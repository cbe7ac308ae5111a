namespace IlgpuDistance.Cli.Tests;

/// <summary>How losses are printed.</summary>
public sealed class LossTextTests
{
    [Theory]
    [InlineData(0, "0.0000")]
    [InlineData(2.302585, "2.3026")]
    [InlineData(9999.99994, "9999.9999")]
    [InlineData(9999.99996, "1.000e4")]
    [InlineData(6426659694143280000, "6.427e18")]
    [InlineData(double.MaxValue, "1.798e308")]
    [InlineData(double.NaN, "NaN")]
    public void A_loss_has_four_decimals_and_a_large_one_an_exponent(double loss, string text) =>
        Assert.Equal(text, LossText.Of(loss));

    [Fact]
    public void The_lines_of_a_training_whose_loss_explodes_have_exponents()
    {
        CliResult result = CliCall.Run(
            "train", "--dataset", "digits", "--device", "cpu", "--threads", "1", "--model", "ReLU", "--lr", "1000", "--epochs",
            "3");
        Assert.Matches(@"\nepoch 3/3  before its step: loss \d\.\d{3}e\d+  train ", result.Output);
        Assert.Matches(@"\ntrain [^\n]+  loss \d\.\d{3}e\d+  3 epochs in ", result.Output);
    }
}
