using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Tests.Optimizers;

public sealed class OptimizerTextTests
{
    [Theory]
    [InlineData("sgd", "sgd")]
    [InlineData(" SGD ( Weight-Decay : 1e-2 ) ", "sgd(weight-decay: 0.01)")]
    [InlineData("momentum", "momentum(0.9)")]
    [InlineData("momentum(0.5, weight-decay: 0, nesterov: True)", "momentum(0.5, nesterov: true)")]
    [InlineData("momentum(momentum: 0.5, nesterov: false)", "momentum(0.5)")]
    [InlineData("adam", "adam(0.9, 0.999)")]
    [InlineData("adam(0.8, epsilon: 1e-6, beta2: 0.95, weight-decay: 0.1)", "adam(0.8, 0.95, epsilon: 1E-06, weight-decay: 0.1)")]
    public void An_optimizer_is_read_and_written(string text, string written)
    {
        var optimizer = Optimizer.Parse(text);
        Assert.Equal(written, optimizer.ToString());
        Assert.Equal(optimizer, Optimizer.Parse(written));
    }

    [Theory]
    [InlineData("", "optimizer \"\": expected a name")]
    [InlineData("adamax", "unknown optimizer \"adamax\"; known are sgd, momentum, adam")]
    [InlineData("sgd(0.1)", "\"0.1\" is one argument too many; expected sgd(weight-decay: D)")]
    [InlineData("sgd(nesterov: true)", "unknown argument \"nesterov\"; expected sgd(weight-decay: D)")]
    [InlineData("sgd(weight-decay: -1)", "weight-decay is -1; expected a number from 0 to 3.4e38")]
    [InlineData("sgd(weight-decay: 1e300)", "weight-decay is 1E+300; expected a number from 0 to 3.4e38")]
    [InlineData("sgd(weight-decay: nan)", "weight-decay is \"nan\"; expected a number")]
    [InlineData("sgd(weight-decay: 1, weight-decay: 2)", "weight-decay is given twice")]
    [InlineData("momentum(1)", "momentum is 1; expected 0 or more and at most 0.9999999")]
    [InlineData("momentum(0.99999999999)", "expected 0 or more and at most 0.9999999")]
    [InlineData("momentum(nesterov: maybe)", "nesterov is \"maybe\"; expected false or true")]
    [InlineData("momentum(nesterov: true, 0.9)", "\"0.9\" stands behind an argument with a name")]
    [InlineData("momentum(0.9,)", "expected a value or key: value, found \"\"")]
    [InlineData("adam(0.9, 1)", "beta2 is 1; expected 0 or more and at most 0.9999999")]
    [InlineData("adam(epsilon: 1e-40)", "epsilon is 1E-40; expected a finite number above 1e-37")]
    [InlineData("adam(0.9, 0.999, 1e-8)",
        "\"1e-8\" is one argument too many; expected adam(B1, B2, epsilon: E, weight-decay: D)")]
    public void What_is_no_optimizer_is_named(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Optimizer.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_optimizer_has_a_text_that_is_read_back() => Assert.All(Optimizer.All, syntax =>
    {
        Assert.Equal(syntax.Default, Optimizer.Parse(syntax.Name));
        Assert.Equal(syntax.Default, Optimizer.Parse(syntax.Default.ToString()));
    });

    [Theory]
    [InlineData("", "")]
    [InlineData(" Alpha = 1e-2 , MU=100", "mu=100,alpha=0.01")]
    [InlineData("bias=0", "bias=0")]
    [InlineData("mu=1,bias=2", "bias=2")]
    [InlineData("mu=1", "")]
    public void Factors_are_read_and_written(string text, string written)
    {
        Assert.Equal(written, RateFactors.Parse(text).ToString());
        Assert.Equal(RateFactors.Parse(text), RateFactors.Parse(written));
        Assert.Equal(written.Length == 0, RateFactors.Parse(text).Equals(RateFactors.None));
    }

    [Theory]
    [InlineData("mu", "expected ROLE=FACTOR, e.g. mu=100, found \"mu\"")]
    [InlineData("gamma=1", "unknown role \"gamma\"; known are weight, bias, mu, alpha, offset")]
    [InlineData("2=1", "unknown role \"2\"")]
    [InlineData("mu=-1", "the factor of mu is \"-1\"; expected a number from 0 to 3.4e38")]
    [InlineData("mu=1,Mu=2", "is given twice")]
    public void What_is_no_factor_is_named(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => RateFactors.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_role_that_no_network_has_is_refused()
    {
        NetworkPlan linear = NetworkPlan.Compile(Network.Parse("linear(3)"), 4, 3),
            distance = NetworkPlan.Compile(Network.Parse("offset-l2(3)"), 4, 3);
        var factors = RateFactors.Parse("mu=100");
        factors.CheckFits(distance);
        factors.CheckFits(linear, distance);
        Assert.Equal(
            "factors of the learning rate \"mu=100\": \"linear(3)\" has no mu; there are weight, bias",
            Assert.Throws<InputException>(() => factors.CheckFits(linear)).Message);
        Assert.Contains(
            "none of the networks has a mu", Assert.Throws<InputException>(() => factors.CheckFits(linear, linear)).Message,
            StringComparison.Ordinal);
    }
}
