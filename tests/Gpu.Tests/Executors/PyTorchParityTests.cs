using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed class PyTorchParityTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    public static TheoryData<string, string> Cases() => ExecutorFixture.AllWith(GoldenFiles.Models);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_loss_and_gradients_agree_with_PyTorch(string executorName, string name)
    {
        var golden = GoldenFiles.Load(name);
        using IExecutor executor = devices.Create(executorName, golden.Plan);
        using IDeviceSamples samples = executor.Upload(golden.Samples);
        executor.SetParameters(golden.Parameters);

        float[] logits = new float[golden.Logits.Length];
        executor.ReadActivations(samples, golden.Plan.Layers.Count - 1, logits);
        Distance.AssertClose("logits", golden.Logits, logits, 1e-5);

        PassMetrics metrics = executor.ComputeGradients(samples);
        Assert.Equal(golden.Loss, metrics.Loss, 1e-5 * golden.Loss);
        Assert.Equal(metrics, executor.Evaluate(samples));

        float[] gradients = new float[golden.Plan.ParameterCount];
        executor.GetGradients(gradients);
        foreach (ParameterTensor tensor in golden.Plan.Tensors)
            Distance.AssertClose(tensor.Name, golden.Gradients[tensor.Name], gradients.AsSpan(tensor.Offset, tensor.Count), 1e-5);
    }

    /// <summary>
    /// All models; on the CPU accelerator, whose work-items are threads, some in which each layer with parameters occurs.
    /// </summary>
    public static TheoryData<string, string> TrainingCases()
    {
        string[] some = ["Abs-L2-Neg.paper", "Abs2-Neg-Bias", "ReLU-L2.reference", "ReLU2-PointSlope"];
        var cases = new TheoryData<string, string>();
        foreach (string executor in ExecutorFixture.Names)
        {
            foreach (string name in executor == "kernels" ? some : GoldenFiles.Models)
                cases.Add(executor, name);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(TrainingCases))]
    public void Twenty_five_steps_of_SGD_agree_with_PyTorch(string executorName, string name)
    {
        var golden = GoldenFiles.Load(name);
        using IExecutor executor = devices.Create(executorName, golden.Plan);
        using IDeviceSamples samples = executor.Upload(golden.Samples);
        executor.SetParameters(golden.Parameters);

        foreach (double loss in golden.Losses)
            Assert.Equal(loss, executor.TrainEpoch(samples, golden.LearningRate).Loss, 1e-4 * loss);
        Assert.Equal(golden.FinalLoss, executor.Evaluate(samples).Loss, 1e-4 * golden.FinalLoss);

        float[] parameters = new float[golden.Plan.ParameterCount];
        executor.GetParameters(parameters);
        foreach (ParameterTensor tensor in golden.Plan.Tensors)
        {
            Distance.AssertClose(
                tensor.Name, golden.FinalParameters[tensor.Name], parameters.AsSpan(tensor.Offset, tensor.Count), 1e-4);
        }
    }
}
