using System.Text.RegularExpressions;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Models;

public sealed partial class ModelZooTests
{
    [SkippableFact]
    public void The_zoo_has_the_files_of_the_repository_in_any_case_of_letters()
    {
        Skip.If(Checkout.Folder is null, Checkout.WhyMissing);
        string[] files = Directory.GetFiles(Path.Combine(Checkout.Folder!, "models"), "*.safetensors");
        Assert.Equal(
            files.Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.OrdinalIgnoreCase), ModelZoo.Names);
        foreach (string file in files)
        {
            string name = Path.GetFileNameWithoutExtension(file);
            Assert.Equal(RunResults.Sha256Of(file), RunResults.Sha256Of($"zoo:{name}"));
            SavedModel saved = SavedModel.Load($"ZOO:{name.ToUpperInvariant()}");
            NetworkPlan plan = saved.Compile();
            Assert.Equal(name, PaperModels.NameOf(plan.Network, plan.Classes));
            Assert.Equal(SavedModel.Load(file).ParametersFor(plan), saved.ParametersFor(plan));
        }
    }

    [Theory]
    [InlineData("zoo:Abs-L2-Neq", "did you mean zoo:Abs-L2-Neg? It has Abs, Abs-L2, ")]
    [InlineData("zoo:", "none of this name; it has Abs, Abs-L2, ")]
    [InlineData("zoo:perceptron", "none of this name; it has Abs, Abs-L2, ")]
    [InlineData("abs-l2-neg", "there is no such file; the trained network is zoo:Abs-L2-Neg")]
    public void A_wrong_name_leads_to_the_right_one(string path, string message) =>
        Assert.Contains(
            message, Assert.Throws<InputException>(() => SavedModel.Load(path)).Message, StringComparison.Ordinal);

    [SkippableFact]
    public void Every_network_has_the_accuracy_that_its_README_promises()
    {
        Skip.If(Checkout.Folder is null, Checkout.WhyMissing);
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        ImageSet images = Dataset.Read(RealMnist.Folder!).Test;
        var promised = RowPattern().Matches(File.ReadAllText(Path.Combine(Checkout.Folder!, "models", "README.md")))
            .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["accuracy"].Value);
        Assert.Equal(ModelZoo.Names.Order(), promised.Keys.Order());
        using ComputeDevice device = ComputeDevice.Open("cpu", threads: 2);
        foreach (string name in ModelZoo.Names)
        {
            SavedModel saved = SavedModel.Load($"zoo:{name}");
            using IExecutor executor = new ExecutorFactory(device).Create(saved.Compile());
            executor.SetParameters(saved.ParametersFor(executor.Plan));
            ModelDescription about = saved.Describe()!;
            var (evaluation, _) = Evaluation.Of(executor, images.ToSamples(new PixelScaling(about.Scale, about.Shift)));
            // Other vectors may round a sample or two to the other side.
            Assert.Equal(double.Parse(promised[name]), evaluation.Accuracy, 0.03);
        }
    }

    [GeneratedRegex(@"^\| (?<name>[^ |]+) \| linear[^|]* \| (?<accuracy>\d+\.\d+) ", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}
