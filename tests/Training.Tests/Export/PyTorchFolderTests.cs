using System.Globalization;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Export;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Export;

public sealed class PyTorchFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_module_has_the_layers_with_their_widths_and_the_scaling()
    {
        NetworkPlan plan = NetworkPlan.Compile(
            Network.Parse("linear(7) > relu > offset-l2(6) > abs > offset-l2(5, form: reference) > point-slope(4) > " +
                "offset-l1(3) > linear(2, bias: false) > neg"), 9, 2);
        ModelDescription description = GoldenModel.Describe(plan, 1 / 255f, -0.25f) with { DataSet = "\"\"\"\nimport os" };
        string module = PyTorchFolder.ModuleOf(plan, description).ReplaceLineEndings("\n");
        Assert.Contains(
            """
                return nn.Sequential(
                    nn.Linear(9, 7),
                    nn.ReLU(),
                    OffsetL2(7, 6),
                    Abs(),
                    OffsetL2(6, 5, form="reference"),
                    PointSlope(5, 4),
                    OffsetL1(4, 3),
                    nn.Linear(3, 2, bias=False),
                    Neg(),
                )

            """.ReplaceLineEndings("\n"), module, StringComparison.Ordinal);
        Assert.Contains("SCALE = 0.003921569\nSHIFT = -0.25\n", module, StringComparison.Ordinal);
        Assert.Contains($"{plan.Network}, trained on import os.\n", module, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_layer_has_a_module() => Assert.All(LayerKinds.ExamplesOf(3), layer =>
    {
        NetworkPlan plan = NetworkPlan.Compile(new Network(layer, new Linear(3)), 4, 3);
        Assert.NotEmpty(PyTorchFolder.ModuleOf(plan, GoldenModel.Describe(plan)));
    });

    [SkippableFact]
    public void PyTorch_loads_the_folders_and_computes_its_logits()
    {
        Skip.IfNot(Python.Run("", "-c", "import torch") is (0, _, _), "there is no python3 with torch");
        foreach (string name in GoldenModel.Names)
        {
            GoldenModel golden = GoldenModel.Read(name);
            PyTorchFolder.Save(_folder[name], golden.Plan, golden.Parameters, GoldenModel.Describe(golden.Plan));
            string values = string.Join(',', golden.Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
            File.WriteAllText(_folder[$"{name}/use.py"],
                $"""
                import torch, model
                x = torch.tensor([{values}]).reshape(-1, {golden.Plan.Inputs})
                print(*model.load()(model.scaled(x)).flatten().tolist())
                model.train(model.network(), x, torch.zeros(len(x)), epochs=2)
                """);
            var (exitCode, output, error) = Python.Run("", _folder[$"{name}/use.py"])!.Value;
            Assert.Equal((0, ""), (exitCode, error));
            double[] logits = [.. output.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            double largest = golden.Logits.Max(Math.Abs);
            Assert.Equal(golden.Logits.Length, logits.Length);
            Assert.All(golden.Logits.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * largest));
        }
    }

    [SkippableFact]
    public void The_module_is_sound_Python_where_there_is_no_PyTorch_either()
    {
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse("linear(7) > abs > offset-l2(3) > neg"), 5, 3);
        PyTorchFolder.Save(_folder.Path, plan, Initialisation.Draw(plan, 1), GoldenModel.Describe(plan));
        var compiled = Python.Run("", "-m", "py_compile", _folder["model.py"]);
        Skip.If(compiled is null, "there is no python3");
        Assert.Equal((0, "", ""), compiled);
    }
}
