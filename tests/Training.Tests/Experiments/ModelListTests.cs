using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Experiments;

public sealed class ModelListTests
{
    [Theory]
    [InlineData("Abs", "Abs")]
    [InlineData(" Abs , ReLU2-Neg ", "Abs", "ReLU2-Neg")]
    [InlineData("linear(4, bias: false) > abs > offset-l2(10, form: reference),Abs",
        "linear(4, bias: false) > abs > offset-l2(10, form: reference)", "Abs")]
    public void A_list_is_divided_at_its_commas_but_not_within_a_layer(string text, params string[] names) =>
        Assert.Equal(names, ModelList.Split(text));

    [Theory]
    [InlineData("")]
    [InlineData("Abs,")]
    [InlineData("Abs,,ReLU")]
    public void A_missing_name_is_refused(string text) =>
        Assert.StartsWith($"models {text}: expected names", Assert.Throws<InputException>(() => ModelList.Split(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Models_of_the_paper_have_their_names_however_they_are_written_and_come_once()
    {
        var models = ModelList.Resolve(
            ["abs-l2", "linear(128) > abs > offset-l2(10)", "linear(128) > abs > offset-l2(10, form: reference)"], classes: 10,
            OffsetL2Form.Paper);
        Assert.Equal(["Abs-L2", "linear(128) > abs > offset-l2(10, form: reference)"], models.Select(model => model.Name));
        Assert.Equal("Abs-L2", models[0].Folder);

        ExperimentModel reference = Assert.Single(ModelList.Resolve(["Abs-L2"], classes: 10, OffsetL2Form.Reference));
        Assert.Equal(("Abs-L2", "linear(128) > abs > offset-l2(10, form: reference)"), (reference.Name, reference.Network));
    }

    [Fact]
    public void Folders_of_different_layers_are_different_and_suit_every_file_system()
    {
        string[] texts =
        [
            "linear(64) > relu > linear(10)",
            "linear(6) > abs > linear(4) > relu > linear(10)",
            string.Join(" > ", Enumerable.Repeat("linear(64) > relu", 40)) + " > linear(10)",
            string.Join(" > ", Enumerable.Repeat("linear(64) > relu", 41)) + " > linear(10)",
            .. PaperModels.All.Select(model => model.Name),
        ];
        string[] folders = [.. ModelList.Resolve(texts, classes: 10, OffsetL2Form.Paper).Select(model => model.Folder)];
        Assert.Equal(texts.Length, folders.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(folders, folder => Assert.Matches("^[A-Za-z0-9][A-Za-z0-9-]{0,79}$", folder));
    }

    [Fact]
    public void The_experiments_are_the_papers_tables()
    {
        string[] main = ["Abs", "ReLU", "Abs2", "Abs2-Neg", "ReLU2", "ReLU2-Neg"];
        string[] distance = ["ReLU-L2", "ReLU-L2-Neg", "Abs-L2", "Abs-L2-Neg"];
        Assert.Equal(main, PaperExperiment.Find("main").Models);
        Assert.Equal(main.Select(name => $"{name}-Bias"), PaperExperiment.Find("bias").Models);
        Assert.Equal([.. main, .. distance], PaperExperiment.Find("OFFSET-L2").Models);
        Assert.Equal(16, PaperExperiment.Find("all").Models.Distinct().Count());
        Assert.All(PaperExperiment.Find("all").Models, name => Assert.Equal(name, PaperModels.Find(name)?.Name));
    }

    [Fact]
    public void The_presets_are_the_papers_protocols_and_a_quick_one()
    {
        Assert.Equal(new Preset("paper", 20, 5000), Preset.Find("paper"));
        Assert.Equal(new Preset("paper-50k", 20, 50000), Preset.Find("Paper-50k"));
        Assert.Equal(new Preset("quick", 3, 500), Preset.Find("quick"));
        Assert.Equal("preset slow: expected paper, paper-50k or quick",
            Assert.Throws<InputException>(() => Preset.Find("slow")).Message);
        Assert.Equal("experiment x: expected main, bias, offset-l2 or all",
            Assert.Throws<InputException>(() => PaperExperiment.Find("x")).Message);
    }
}
