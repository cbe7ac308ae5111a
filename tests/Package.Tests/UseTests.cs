using System.IO.Compression;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Export;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Package.Tests;

/// <summary>What somebody does who has nothing but the packages.</summary>
public sealed class UseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(typeof(IExecutor))]
    [InlineData(typeof(Trainer))]
    public void What_runs_here_is_what_was_packed(Type type)
    {
        string id = type.Assembly.GetName().Name!;
        using ZipArchive package = PackedFiles.Open(id);
        Assert.Equal(PackedFiles.Read(package, $"lib/net10.0/{id}.dll"), File.ReadAllBytes(type.Assembly.Location));
    }

    [Fact]
    public void A_network_is_trained_on_arrays_and_saved_and_loaded()
    {
        // Inside the unit circle or outside of it.
        var random = new Random(1);
        float[] points = [.. Enumerable.Range(0, 2 * 203).Select(_ => 3 * random.NextSingle() - 1.5f)];
        byte[] inside = [.. points.Chunk(2).Select(point => (byte)(point[0] * point[0] + point[1] * point[1] < 1 ? 1 : 0))];
        var samples = new Samples(points, inside, width: 2);
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse("linear(16) > abs > linear(2)"), inputs: 2, classes: 2);
        using ComputeDevice device = ComputeDevice.Open("cpu");
        using IExecutor executor = new ExecutorFactory(device).Create(plan);
        var options = new TrainingOptions { Epochs = 400, LearningRate = 0.5f };
        using var trainer = new Trainer(
            executor, samples, samples, options, new TrainingState(0, Initialisation.Draw(plan, seed: 1)));
        Assert.InRange(trainer.Run().Last().TestAccuracy!.Value, 95, 100);

        SavedModel.Save(_folder["circle.safetensors"], plan, trainer.ReadState().Parameters, samples);
        SavedModel saved = SavedModel.Load(_folder["circle.safetensors"]);
        using IExecutor loaded = new ExecutorFactory(device).Create(saved.Compile());
        loaded.SetParameters(saved.ParametersFor(loaded.Plan));
        Assert.Equal([1, 0], loaded.Predict(new Samples(new[] { 0, 0.1f, 1.4f, 1.4f }, width: 2)));
    }

    [Fact]
    public void A_trained_network_that_comes_along_is_loaded_and_exported()
    {
        SavedModel saved = SavedModel.Load("zoo:Abs-L2-Neg");
        NetworkPlan plan = saved.Compile();
        OnnxModel.Save(_folder["network.onnx"], plan, saved.ParametersFor(plan), saved.Describe()!);
        Assert.InRange(new FileInfo(_folder["network.onnx"]).Length, 4 * plan.ParameterCount, 5 * plan.ParameterCount);
    }
}
