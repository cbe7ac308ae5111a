using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Models;

public sealed class SavedModelTests : IDisposable
{
    private static readonly NetworkPlan Plan =
        NetworkPlan.Compile(Network.Parse("linear(3) > abs > offset-l2(2, form: reference) > neg"), inputs: 4, classes: 2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Images of two by two pixels, half of them black and half white.</summary>
    private static readonly Dataset Data = new()
    {
        Name = "tiny",
        Location = "in memory",
        Train = new ImageSet(new byte[] { 0, 0, 0, 0, 255, 255, 255, 255 }, new byte[] { 0, 1 }, 2, 2),
        Test = new ImageSet(new byte[4], new byte[1], 2, 2),
        Classes = 2,
        Files = [],
    };

    internal static ModelDescription DescriptionOf(NetworkPlan plan) => new()
    {
        Model = plan.Network.ToString(),
        Inputs = plan.Inputs,
        Classes = plan.Classes,
        DataSet = "test",
        InputScale = "standardized",
        Scale = 0.0127329f,
        Shift = -0.42421296f,
    };

    private string Save(Action<List<NamedTensor>>? change = null, Action<Dictionary<string, string>>? changeMetadata = null)
    {
        float[] parameters = Initialisation.Draw(Plan, 1);
        List<NamedTensor> tensors = [.. Plan.Tensors.Select(tensor =>
            new NamedTensor(tensor.Name, tensor.Shape, parameters.AsMemory(tensor.Offset, tensor.Count)))];
        Dictionary<string, string> metadata = new(DescriptionOf(Plan).ToMetadata());
        change?.Invoke(tensors);
        changeMetadata?.Invoke(metadata);
        string path = _folder["model.safetensors"];
        SafeTensors.Write(path, new TensorFile(metadata, tensors));
        return path;
    }

    private static string ProblemOf(Action use) => Assert.Throws<InputException>(use).Message;

    [Fact]
    public void What_is_saved_is_loaded_with_all_that_evaluation_needs()
    {
        float[] parameters = Initialisation.Draw(Plan, 7);
        SavedModel.Save(_folder["m"], Plan, parameters, DescriptionOf(Plan));
        SavedModel loaded = SavedModel.Load(_folder["m"]);

        Assert.Equal(DescriptionOf(Plan), loaded.Describe());
        NetworkPlan plan = loaded.PlanFor(Data);
        Assert.Equal(Plan.Network.ToString(), plan.Network.ToString());
        Assert.Equal((4, 2), (plan.Inputs, plan.Classes));
        Assert.Equal(parameters, loaded.ParametersFor(plan));
    }

    [Fact]
    public void The_keys_and_shapes_are_those_of_torch() =>
        Assert.Equal(
            ["0.weight 3,4", "0.bias 3", "2.mu 2,3", "2.alpha 2,3"],
            SafeTensors.Read(Save()).Tensors.Select(tensor => $"{tensor.Name} {string.Join(',', tensor.Shape)}"));

    [Fact]
    public void The_order_of_the_tensors_does_not_matter() =>
        Assert.Equal(Initialisation.Draw(Plan, 1), SavedModel.Load(Save(tensors => tensors.Reverse())).ParametersFor(Plan));

    [Fact]
    public void Missing_and_superfluous_tensors_are_named()
    {
        string path = Save(tensors =>
        {
            tensors.RemoveAll(tensor => tensor.Name is "0.bias" or "2.mu");
            tensors.Add(new NamedTensor("4.weight", [1], new float[1]));
        });
        Assert.EndsWith("it lacks 0.bias, 2.mu and has besides 4.weight",
            ProblemOf(() => SavedModel.Load(path).ParametersFor(Plan)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_orig_mod.")]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("module._orig_mod.model.")]
    public void What_wrappers_of_PyTorch_put_before_all_keys_is_left_out_and_told(string prefix)
    {
        string path = Save(tensors =>
        {
            for (int i = 0; i < tensors.Count; i++)
                tensors[i] = tensors[i] with { Name = prefix + tensors[i].Name };
        });
        var told = new List<string>();
        Assert.Equal(Initialisation.Draw(Plan, 1), SavedModel.Load(path, told.Add).ParametersFor(Plan));
        Assert.Equal($"{path}: all keys begin with \"{prefix}\", which is left out.", Assert.Single(told));
    }

    [Fact]
    public void What_stands_before_some_keys_only_is_no_wrapper()
    {
        string path = Save(tensors => tensors[0] = tensors[0] with { Name = "module.0.weight" });
        var told = new List<string>();
        Assert.EndsWith("it lacks 0.weight and has besides module.0.weight",
            ProblemOf(() => SavedModel.Load(path, told.Add).ParametersFor(Plan)));
        Assert.Empty(told);
    }

    [Fact]
    public void Another_shape_is_named()
    {
        string path = Save(tensors => tensors[0] = new NamedTensor("0.weight", [4, 3], new float[12]));
        Assert.Contains("0.weight has the shape [4, 3]", ProblemOf(() => SavedModel.Load(path).ParametersFor(Plan)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_parameter_that_is_not_finite_is_named(float bad, string text)
    {
        string path = Save(tensors => tensors[2] =
            new NamedTensor("2.mu", [2, 3], new float[] { 0, float.MaxValue, float.MinValue, 0, bad, 0 }));
        Assert.Contains($"2.mu: value 4 is {text};", ProblemOf(() => SavedModel.Load(path).ParametersFor(Plan)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_named_goes_before_that_of_the_file()
    {
        SavedModel loaded = SavedModel.Load(Save());
        Assert.Equal("linear(128) > abs > linear(2, bias: false)", loaded.PlanFor(Data, "Abs").Network.ToString());
        Assert.Equal("linear(3) > offset-l2(2, form: reference)",
            loaded.PlanFor(Data, "linear(3) > offset-l2(2)", OffsetL2Form.Reference).Network.ToString());
    }

    [Fact]
    public void The_scaling_is_the_one_asked_for_else_that_of_the_training_else_raw()
    {
        Assert.Equal(new PixelScaling(0.0127329f, -0.42421296f), SavedModel.Load(Save()).ScalingFor(Data));
        Assert.Equal(new PixelScaling(1 / 127.5f, -1), SavedModel.Load(Save()).ScalingFor(Data, InputScaling.Standardized));
        Assert.Equal(new PixelScaling(1, 0),
            SavedModel.Load(Save(changeMetadata: metadata => metadata.Clear())).ScalingFor(Data));
    }

    [Fact]
    public void A_file_that_names_no_model_asks_for_one()
    {
        SavedModel loaded = SavedModel.Load(Save(changeMetadata: metadata => { metadata.Clear(); metadata["format"] = "pt"; }));
        Assert.Null(loaded.Describe());
        Assert.Contains("name it, e.g. Abs-L2-Neg", ProblemOf(() => loaded.PlanFor(Data)), StringComparison.Ordinal);
        Assert.Equal(Initialisation.Draw(Plan, 1), loaded.ParametersFor(Plan));
    }

    [Fact]
    public void A_model_and_data_of_which_one_is_transposed_do_not_fit_unless_the_network_is_named()
    {
        string upright = Save(), turned = _folder["turned.safetensors"];
        SavedModel.Save(turned, Plan, Initialisation.Draw(Plan, 1), DescriptionOf(Plan) with { DataSet = "test, transposed" });
        Assert.Contains("and the data here is tiny, transposed; leave out transposition",
            ProblemOf(() => SavedModel.Load(upright).PlanFor(Data.Transposed())));
        Assert.Contains("and the data here is tiny; ask for transposition",
            ProblemOf(() => SavedModel.Load(turned).PlanFor(Data)));
        Assert.Equal(4, SavedModel.Load(turned).PlanFor(Data.Transposed()).Inputs);
        Assert.Equal(4, SavedModel.Load(turned).PlanFor(Data, Plan.Network.ToString()).Inputs);
    }

    [Theory]
    [InlineData("inputs", null, "have no inputs")]
    [InlineData("scale", null, "have no scale")]
    [InlineData("inputs", "5", "with 5 inputs and 2 classes, but tiny has 4 pixels and 2 classes")]
    [InlineData("inputs", "0", "inputs is \"0\"")]
    [InlineData("classes", "x", "classes is \"x\"")]
    [InlineData("shift", "NaN", "shift is \"NaN\"")]
    [InlineData("classes", "7", "with 4 inputs and 7 classes, but tiny has 4 pixels and 2 classes")]
    [InlineData("model", "linear(7)", "ends with 7 outputs")]
    [InlineData("model", "linear(2", "layer 1")]
    public void Metadata_that_are_incomplete_or_wrong_are_refused(string key, string? value, string problem)
    {
        string path = Save(changeMetadata: metadata =>
        {
            metadata.Remove(key);
            if (value is not null)
                metadata[key] = value;
        });
        string message = ProblemOf(() => SavedModel.Load(path).PlanFor(Data));
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }
}
