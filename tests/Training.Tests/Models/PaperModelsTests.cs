using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Models;

public class PaperModelsTests
{
    [Theory]
    [InlineData("Abs", "linear(128) > abs > linear(10, bias: false)")]
    [InlineData("ReLU", "linear(128) > relu > linear(10, bias: false)")]
    [InlineData("Abs2", "linear(128) > abs > linear(10, bias: false) > abs")]
    [InlineData("Abs2-Neg", "linear(128) > abs > linear(10, bias: false) > abs > neg")]
    [InlineData("ReLU2", "linear(128) > relu > linear(10, bias: false) > relu")]
    [InlineData("ReLU2-Neg", "linear(128) > relu > linear(10, bias: false) > relu > neg")]
    [InlineData("Abs-Bias", "linear(128) > abs > linear(10)")]
    [InlineData("ReLU-Bias", "linear(128) > relu > linear(10)")]
    [InlineData("Abs2-Bias", "linear(128) > abs > linear(10) > abs")]
    [InlineData("Abs2-Neg-Bias", "linear(128) > abs > linear(10) > abs > neg")]
    [InlineData("ReLU2-Bias", "linear(128) > relu > linear(10) > relu")]
    [InlineData("ReLU2-Neg-Bias", "linear(128) > relu > linear(10) > relu > neg")]
    [InlineData("ReLU-L2", "linear(128) > relu > offset-l2(10)")]
    [InlineData("ReLU-L2-Neg", "linear(128) > relu > offset-l2(10) > neg")]
    [InlineData("Abs-L2", "linear(128) > abs > offset-l2(10)")]
    [InlineData("Abs-L2-Neg", "linear(128) > abs > offset-l2(10) > neg")]
    [InlineData("L2", "linear(128) > offset-l2(10)")]
    [InlineData("L2-Neg", "linear(128) > offset-l2(10) > neg")]
    [InlineData("ReLU-L1", "linear(128) > relu > offset-l1(10)")]
    [InlineData("ReLU-L1-Neg", "linear(128) > relu > offset-l1(10) > neg")]
    [InlineData("Abs-L1", "linear(128) > abs > offset-l1(10)")]
    [InlineData("Abs-L1-Neg", "linear(128) > abs > offset-l1(10) > neg")]
    [InlineData("ReLU2-PointSlope", "linear(128) > relu > point-slope(10) > relu")]
    public void A_name_stands_for_the_layers_of_the_paper(string name, string layers)
    {
        Assert.Equal(layers, PaperModels.Resolve(name, classes: 10).ToString());
        Assert.Equal(layers, PaperModels.Resolve($" {name.ToUpperInvariant()} ", classes: 10).ToString());
    }

    [Fact]
    public void Names_are_twenty_three_different_ones_with_descriptions_of_one_line()
    {
        Assert.Equal(23, PaperModels.All.Select(model => model.Name.ToUpperInvariant()).Distinct().Count());
        Assert.All(PaperModels.All, model => Assert.Matches("^[^\n]{10,100}$", model.Description));
    }

    [Fact]
    public void Every_model_is_compared_with_PyTorch()
    {
        string[] files =
        [
            .. PaperModels.All.SelectMany(model => model.Name.Contains("L2", StringComparison.Ordinal)
                ? (string[])[$"{model.Name}.paper", $"{model.Name}.reference"]
                : [model.Name]),
        ];
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", "Models");
        Assert.Equal(29, files.Length);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(folder, $"{file}.json")), file));
    }

    [Fact]
    public void The_classes_of_the_data_and_the_form_enter_a_named_model() =>
        Assert.Equal("linear(128) > abs > offset-l2(26, form: reference) > neg",
            PaperModels.Resolve("abs-l2-neg", 26, OffsetL2Form.Reference).ToString());

    [Theory]
    [InlineData("linear(7)>offset-l2(3)", "linear(7) > offset-l2(3, form: reference)")]
    [InlineData("linear(7) > offset-l2(3, form: paper)", "linear(7) > offset-l2(3)")]
    [InlineData("LINEAR(4)", "linear(4)")]
    public void Other_text_is_read_as_layers_and_the_form_is_that_of_layers_without_their_own(string text, string layers) =>
        Assert.Equal(layers, PaperModels.Resolve(text, 3, OffsetL2Form.Reference).ToString());

    [Theory]
    [InlineData("Abs-L2Neg", "did you mean Abs-L2-Neg?")]
    [InlineData("relu-neg", "did you mean ReLU2-Neg?")]
    [InlineData("ReLU3", "did you mean ReLU?")]
    public void An_unknown_name_is_met_with_the_nearest(string text, string suggestion)
    {
        var error = Assert.Throws<InputException>(() => PaperModels.Resolve(text, 10));
        Assert.Contains($"unknown model \"{text}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(suggestion, error.Message, StringComparison.Ordinal);
        Assert.All(PaperModels.All, model => Assert.Contains(model.Name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_like_none_is_met_with_the_list_alone() =>
        Assert.DoesNotContain("did you mean", Assert.Throws<InputException>(() => PaperModels.Resolve("transformer", 10)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("", "at least one layer")]
    [InlineData("linear", "expected the number of outputs")]
    [InlineData("conv(3)", "unknown layer \"conv\"")]
    public void Text_that_means_layers_is_met_with_what_is_wrong_in_them(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<InputException>(() => PaperModels.Resolve(text, 10)).Message,
            StringComparison.Ordinal);
}
