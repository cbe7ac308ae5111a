using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Tests.Loop;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData("constant", "constant", false)]
    [InlineData(" Constant ( warm-up : 3 ) ", "constant(warm-up: 3)", false)]
    [InlineData("cosine", "cosine", true)]
    [InlineData("cosine(warm-up: 2)", "cosine(warm-up: 2)", true)]
    [InlineData("step(30)", "step(30, 0.1)", false)]
    [InlineData("step(3, factor: 0.5, warm-up: 1)", "step(3, 0.5, warm-up: 1)", false)]
    public void A_schedule_is_read_and_written(string text, string written, bool dependsOnEpochs)
    {
        var schedule = LearningRateSchedule.Parse(text);
        Assert.Equal(written, schedule.ToString());
        Assert.Equal(schedule, LearningRateSchedule.Parse(written));
        Assert.Equal(dependsOnEpochs, schedule.DependsOnEpochs);
    }

    [Theory]
    [InlineData("linear", "unknown schedule \"linear\"; known are constant, cosine, step")]
    [InlineData("step", "expected the number of epochs, e.g. step(100)")]
    [InlineData("step(2, 0)", "factor is 0; expected a number above 0, at most 3.4e38")]
    [InlineData("step(2.5)", "epochs is \"2.5\"; expected a whole number")]
    [InlineData("constant(warm-up: -1)", "warm-up is -1; expected 0 or more")]
    [InlineData("cosine(3)", "\"3\" is one argument too many; expected cosine(warm-up: W)")]
    public void What_is_no_schedule_is_named(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => LearningRateSchedule.Parse(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_cosine_needs_epochs_behind_its_warm_up()
    {
        new CosineRate(WarmUp: 3).Check(epochs: 4);
        new CosineRate(WarmUp: 3).Check(epochs: 0);
        Assert.Contains(
            "warm-up is 3; expected fewer than the 3 epochs",
            Assert.Throws<InputException>(() => new CosineRate(WarmUp: 3).Check(epochs: 3)).Message,
            StringComparison.Ordinal);
    }

    // By PyTorch 1.13 in epochs of one step: StepLR(2, 0.5), CosineAnnealingLR(T_max=5), LinearLR(1/4, total_iters=3), and
    // CosineAnnealingLR(T_max=4)
    // behind an epoch.
    [Theory]
    [InlineData("constant", 1, 1, 1, 1, 1)]
    [InlineData("step(2, 0.5)", 1, 1, 0.5, 0.5, 0.25)]
    [InlineData("cosine", 1, 0.9045084971874737, 0.6545084971874737, 0.3454915028125263, 0.09549150281252627)]
    [InlineData("constant(warm-up: 4)", 0.25, 0.5, 0.75, 1, 1)]
    [InlineData("cosine(warm-up: 1)", 1, 1, 0.8535533905932737, 0.5, 0.14644660940672624)]
    public void Five_epochs_have_the_rates_of_PyTorch(
        string text, double first, double second, double third, double fourth, double fifth)
    {
        double[] expected = [first, second, third, fourth, fifth];
        var schedule = LearningRateSchedule.Parse(text);
        for (int step = 0; step < 5; step++)
            Assert.Equal(expected[step], schedule.FactorAt(step, stepsPerEpoch: 1, epochs: 5), 1e-12);
    }

    [Fact]
    public void Within_an_epoch_the_rate_changes_from_batch_to_batch()
    {
        var warmUp = LearningRateSchedule.Parse("constant(warm-up: 2)");
        Assert.Equal([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1],
            Enumerable.Range(0, 9).Select(step => warmUp.FactorAt(step, 4, 10)));
        var cosine = LearningRateSchedule.Parse("cosine");
        Assert.Equal((1 + Math.Cos(Math.PI * 5 / 12)) / 2, cosine.FactorAt(5, stepsPerEpoch: 4, epochs: 3), 1e-12);
        var step = LearningRateSchedule.Parse("step(1, 0.5)");
        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Enumerable.Range(0, 5).Select(n => step.FactorAt(n, 2, 10)));
    }
}
