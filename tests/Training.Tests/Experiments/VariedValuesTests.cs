using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Training.Tests.Experiments;

public sealed class VariedValuesTests
{
    private static string Refusal(string text) => Assert.Throws<InputException>(() => VariedValues.Parse(text)).Message;

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData(" 0.1 ,1e-3", "0.1", "1e-3")]
    [InlineData("a,b,a", "a", "b")]
    [InlineData("adam(0.9, 0.99),sgd", "adam(0.9, 0.99)", "sgd")]
    [InlineData("mu=100,alpha=0.5;mu=10", "mu=100,alpha=0.5", "mu=10")]
    [InlineData("mu=100,alpha=0.5;", "mu=100,alpha=0.5")]
    public void A_list_is_divided_at_its_commas_or_semicolons(string text, params string[] values) =>
        Assert.Equal(values, VariedValues.Parse(text));

    [Theory]
    [InlineData("a|b", "a", "b")]
    [InlineData("linear(32|64) > abs|relu > linear(10)", "linear(32) > abs > linear(10)", "linear(32) > relu > linear(10)",
        "linear(64) > abs > linear(10)", "linear(64) > relu > linear(10)")]
    [InlineData("linear(8)|abs > linear(2)", "linear(8) > linear(2)", "abs > linear(2)")]
    [InlineData("linear(8|9)|abs", "linear(8)", "linear(9)", "abs")]
    [InlineData("momentum(0.9, nesterov: true|false)", "momentum(0.9, nesterov: true)", "momentum(0.9, nesterov: false)")]
    [InlineData("mu=1|10,alpha=2|3;", "mu=1,alpha=2", "mu=1,alpha=3", "mu=10,alpha=2", "mu=10,alpha=3")]
    public void Alternatives_end_where_a_layer_or_an_argument_does(string text, params string[] values) =>
        Assert.Equal(values, VariedValues.Parse(text));

    [Theory]
    [InlineData("0.0001..0.1:*10", "0.0001", "0.001", "0.01", "0.1")]
    [InlineData("1e-4..1e-3:*10", "0.0001", "0.001")]
    [InlineData("100..500:+100", "100", "200", "300", "400", "500")]
    [InlineData("1..9:*3", "1", "3", "9")]
    [InlineData("0.1..0.5:+0.1", "0.1", "0.2", "0.3", "0.4", "0.5")]
    [InlineData("3..1:-1", "3", "2", "1")]
    [InlineData("1..0.01:/10", "1", "0.1", "0.01")]
    [InlineData("-1..1:+1", "-1", "0", "1")]
    [InlineData("5..5:+1", "5")]
    [InlineData("linear(2..8:*2|100) > abs", "linear(2) > abs", "linear(4) > abs", "linear(8) > abs", "linear(100) > abs")]
    [InlineData("1..2:+1,7", "1", "2", "7")]
    [InlineData("../a,b/1..c", "../a", "b/1..c")]
    public void A_range_has_the_numbers_that_a_person_would_write(string text, params string[] values) =>
        Assert.Equal(values, VariedValues.Parse(text));

    /// <summary>In floating point 0.1 + 0.2 is 0.30000000000000004.</summary>
    [Fact]
    public void A_long_range_ends_with_its_end()
    {
        IReadOnlyList<string> values = VariedValues.Parse("0.001..1:+0.001");
        Assert.Equal(1000, values.Count);
        Assert.Equal(
            Enumerable.Range(1, 1000).Select(i => (i / 1000m).ToString("0.###", CultureInfo.InvariantCulture)), values);
    }

    [Theory]
    [InlineData("", "a value is missing")]
    [InlineData("a,,b", "a value is missing")]
    [InlineData("a,", "a value is missing")]
    [InlineData("abs|", "abs|: an alternative is missing")]
    [InlineData("linear(|8)", "|8: an alternative is missing")]
    [InlineData("f(g(1|2))", "f(g(1|2)): expected no alternatives in parentheses within parentheses")]
    [InlineData("1..10:+0", "1..10:+0: its steps do not lead from 1 to 10")]
    [InlineData("1..10:-1", "1..10:-1: its steps do not lead from 1 to 10")]
    [InlineData("0.1..0.001:*10", "0.1..0.001:*10: its steps do not lead from 0.1 to 0.001")]
    [InlineData("0..1:*2", "0..1:*2: its steps do not lead from 0 to 1")]
    [InlineData("1..10:*3", "1..10:*3: its steps go on from 9 to 27 and miss 10; expected an end that they reach")]
    [InlineData("1..0.3:-0.5", "1..0.3:-0.5: its steps go on from 0.5 to 0 and miss 0.3")]
    [InlineData("1..2:/0", "1..2:/0: its steps do not lead from 1 to 2")]
    [InlineData("1..1000000:+1", "1..1000000:+1: has more than 10,000 numbers")]
    [InlineData("f(1..200:+1, 1..200:+1)", "there are more than 10,000 values")]
    [InlineData("1..1e300:*10", "1..1e300:*10: 1e300 has too many digits")]
    public void What_leads_nowhere_is_refused(string text, string message) =>
        Assert.StartsWith(message, Refusal(text), StringComparison.Ordinal);
}
