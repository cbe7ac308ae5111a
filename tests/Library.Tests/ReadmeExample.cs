using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Library.Tests;

/// <summary>The example of README.md, word by word.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        float[] points = [0, 0, 0, 1, 1, 0, 1, 1];      // four samples of two values, and their classes: exclusive or
        byte[] labels = [0, 1, 1, 0];
        var samples = new Samples(points, labels, width: 2);
        var plan = NetworkPlan.Compile(Network.Parse("linear(8) > abs > linear(2)"), inputs: 2, classes: 2);
        using ComputeDevice device = ComputeDevice.Open();      // the best of the machine; "cpu", "cuda", "opencl:1", …
        using IExecutor executor = new ExecutorFactory(device).Create(plan);
        var options = new TrainingOptions { Epochs = 500, LearningRate = 0.1f };
        var start = new TrainingState(0, Initialisation.Draw(plan, seed: 1));
        using var trainer = new Trainer(executor, samples, samples, options, start);
        Console.WriteLine($"accuracy {trainer.Run().Last().TestAccuracy} %");
        SavedModel.Save("xor.safetensors", plan, trainer.ReadState().Parameters, samples);
        SavedModel saved = SavedModel.Load("xor.safetensors");
        using IExecutor loaded = new ExecutorFactory(device).Create(saved.Compile());
        loaded.SetParameters(saved.ParametersFor(loaded.Plan));
        Console.WriteLine(string.Join(" ", loaded.Predict(new Samples(points, width: 2))));     // 0 1 1 0
    }
}
