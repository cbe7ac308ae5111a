using System.Text.Json;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Cli.Verification;

/// <summary>The device against what PyTorch computed in float64, which is part of the program.</summary>
internal static class PyTorchCheck
{
    private const double Tolerance = 1e-5, ToleranceOfSteps = 1e-4;
    private const string Folder = "golden/", OptimizerFolder = Folder + "optimizers/";

    private static IEnumerable<string> Models => Resources.Where(name =>
        name.StartsWith(Folder, StringComparison.Ordinal) && !name.StartsWith(OptimizerFolder, StringComparison.Ordinal)
        && !name.StartsWith(Folder + "edge-", StringComparison.Ordinal));

    private static IEnumerable<string> Resources =>
        typeof(PyTorchCheck).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal);

    /// <summary>Compares logits, loss and gradients of every model, and 25 steps of gradient descent.</summary>
    /// <returns>The largest differences.</returns>
    /// <exception cref="Discrepancy">Some are too large.</exception>
    public static string OfModels(VerifiedDevice device, CancellationToken cancellation)
    {
        var differences = new LargestDifferences();
        foreach (string name in Models)
        {
            cancellation.ThrowIfCancellationRequested();
            GoldenCase golden = Read(name);
            device.Run(golden.Plan, differences, executor => Compare(executor, golden, NameOf(name), differences));
        }
        return differences.Conclude("models");
    }

    /// <summary>Compares 25 steps of every optimizer.</summary>
    /// <inheritdoc cref="OfModels"/>
    public static string OfOptimizers(VerifiedDevice device, CancellationToken cancellation)
    {
        var differences = new LargestDifferences();
        foreach (string name in Resources.Where(name => name.StartsWith(OptimizerFolder, StringComparison.Ordinal)))
        {
            using Stream file = Open(name);
            using var document = JsonDocument.Parse(file);
            var optimizer = Optimizer.Parse(document.RootElement.GetProperty("optimizer").GetString()!);
            float rate = document.RootElement.GetProperty("learning_rate").GetSingle();
            foreach (JsonProperty network in document.RootElement.GetProperty("networks").EnumerateObject())
            {
                cancellation.ThrowIfCancellationRequested();
                GoldenCase golden = Read(Folder + network.Name);
                device.Run(golden.Plan, differences, executor => CompareSteps(
                    executor, golden, optimizer, rate, GoldenCase.Doubles(network.Value.GetProperty("losses")),
                    GoldenCase.Named(network.Value.GetProperty("parameters")), $"{network.Name} by {optimizer}", differences));
            }
        }
        return differences.Conclude("trainings");
    }

    private static void Compare(IExecutor executor, GoldenCase golden, string name, LargestDifferences differences)
    {
        using IDeviceSamples samples = executor.Upload(golden.Samples);
        executor.SetParameters(golden.Parameters);
        float[] logits = new float[golden.Logits.Length], gradients = new float[golden.Plan.ParameterCount];
        executor.ReadActivations(samples, golden.Plan.Layers.Count - 1, logits);
        differences.Add("logits", name, golden.Logits, logits, Tolerance);
        differences.Add("loss", name, golden.Loss, executor.ComputeGradients(samples).Loss, Tolerance);
        executor.GetGradients(gradients);
        foreach (ParameterTensor tensor in golden.Plan.Tensors)
        {
            differences.Add(
                "gradients", name, golden.Gradients[tensor.Name], gradients.AsSpan(tensor.Offset, tensor.Count), Tolerance,
                tensor.Name);
        }
        CompareSteps(
            executor, golden, new Sgd(), golden.LearningRate, [.. golden.Losses, golden.FinalLoss], golden.FinalParameters, name,
            differences);
    }

    private static void CompareSteps(
        IExecutor executor, GoldenCase golden, Optimizer optimizer, float rate, double[] losses,
        Dictionary<string, double[]> parameters, string name, LargestDifferences differences)
    {
        using IDeviceSamples samples = executor.Upload(golden.Samples);
        executor.SetParameters(golden.Parameters);
        executor.SetOptimizer(optimizer);
        foreach (double loss in losses[..^1])
            differences.Add("losses of steps", name, loss, executor.TrainEpoch(samples, rate).Loss, ToleranceOfSteps);
        differences.Add("losses of steps", name, losses[^1], executor.Evaluate(samples).Loss, ToleranceOfSteps);
        float[] actual = new float[golden.Plan.ParameterCount];
        executor.GetParameters(actual);
        foreach (ParameterTensor tensor in golden.Plan.Tensors)
        {
            differences.Add(
                "parameters after 25", name, parameters[tensor.Name], actual.AsSpan(tensor.Offset, tensor.Count),
                ToleranceOfSteps, tensor.Name);
        }
    }

    private static string NameOf(string resource) => resource[Folder.Length..];

    private static GoldenCase Read(string resource)
    {
        using Stream file = Open(resource);
        return GoldenCase.Read(file);
    }

    private static Stream Open(string resource) => typeof(PyTorchCheck).Assembly.GetManifestResourceStream(resource)!;
}
