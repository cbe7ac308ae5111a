using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Tests.Networks;

public sealed class NetworkTests
{
    [Fact]
    public void Every_layer_with_every_choice_of_words_is_read_and_written_alike()
    {
        foreach (CallSyntax<Layer> kind in LayerKinds.All)
        {
            Layer[] layers = [.. kind.Examples()];
            Assert.Equal(layers, layers.Select(layer => Assert.Single(Network.Parse(layer.ToString()).Layers)));
            Assert.Equal(layers.Length, layers.Distinct().Count());
            Assert.All(layers, layer => Assert.StartsWith(kind.Name, layer.ToString(), StringComparison.Ordinal));
        }
        // One for each kind of layer that there is.
        Assert.Equal(typeof(Layer).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract),
            LayerKinds.All.Count);
    }

    [Theory]
    [InlineData("linear(128) > abs > offset-l2(10) > neg")]
    [InlineData("linear(128) > relu > linear(10, bias: false) > relu > neg")]
    [InlineData("linear(3) > offset-l2(10, form: reference)")]
    [InlineData("point-slope(10) > relu")]
    [InlineData("linear(3) > offset-l1(10) > neg")]
    public void Text_is_read_and_written_alike(string text) => Assert.Equal(text, Network.Parse(text).ToString());

    [Theory]
    [InlineData(" LINEAR ( 128 ,BIAS : True )>Abs()>  Offset-L2(10, Form: Paper)>NEG", "linear(128) > abs > offset-l2(10) > neg")]
    [InlineData("linear(5,bias:false)", "linear(5, bias: false)")]
    public void Case_and_white_space_do_not_matter(string text, string canonical) =>
        Assert.Equal(canonical, Network.Parse(text).ToString());

    [Fact]
    public void The_default_form_is_for_layers_that_do_not_name_theirs()
    {
        var network = Network.Parse("offset-l2(4) > offset-l2(3, form: paper)", OffsetL2Form.Reference);
        Assert.Equal([new OffsetL2(4, OffsetL2Form.Reference), new OffsetL2(3, OffsetL2Form.Paper)], network.Layers);
    }

    [Theory]
    [InlineData("", "at least one layer")]
    [InlineData("   ", "at least one layer")]
    [InlineData("linear(10) >", "layer 2, \"\"")]
    [InlineData("> linear(10)", "layer 1, \"\"")]
    [InlineData("linear", "layer 1, \"linear\": expected the number of outputs")]
    [InlineData("linear()", "expected the number of outputs")]
    [InlineData("linear(0)", "expected a positive whole number of outputs, found \"0\"")]
    [InlineData("linear(-3)", "found \"-3\"")]
    [InlineData("linear(1e3)", "found \"1e3\"")]
    [InlineData("linear(99999999999)", "found \"99999999999\"")]
    [InlineData("relu > linear(10, bias: maybe)",
        "layer 2, \"linear(10, bias: maybe)\": bias is \"maybe\"; expected false or true")]
    [InlineData("linear(10, form: paper)", "unknown argument \"form\"; expected linear(N, bias: true|false)")]
    [InlineData("linear(10, bias: true, 3)", "\"3\" stands behind an argument with a name")]
    [InlineData("linear(10, 3)", "\"3\" is one argument too many; expected linear(N, bias: true|false)")]
    [InlineData("linear(10, bias: true, bias: true)", "bias is given twice")]
    [InlineData("offset-l2(10, form: other)", "form is \"other\"; expected paper or reference")]
    [InlineData("relu(3)", "\"3\" is one argument too many; expected relu")]
    [InlineData("offset-l1(3, form: paper)", "unknown argument \"form\"; expected offset-l1(N)")]
    [InlineData("point-slope(3, bias: false)", "unknown argument \"bias\"; expected point-slope(N)")]
    [InlineData("conv(3)", "unknown layer \"conv\"; known are linear")]
    [InlineData("linear(3", "layer 1, \"linear(3\": expected a name")]
    public void Nonsense_is_refused_with_a_message_that_names_the_layer(string text, string message)
    {
        var error = Assert.Throws<InputException>(() => Network.Parse(text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
