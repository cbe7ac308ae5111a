using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// Misuse is an exception in words, on every device, and never a read of memory that is freed or somebody else's.
/// </summary>
public sealed class ExecutorContractTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    private static readonly NetworkPlan Plan = NetworkPlan.Compile(Network.Parse("linear(3) > abs > linear(2)"), 5, 2);

    private static Samples Data => new(new byte[35], new byte[7], 5);

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void An_executor_without_parameters_computes_nothing(string executorName)
    {
        using IExecutor executor = devices.Create(executorName, Plan);
        using IDeviceSamples samples = executor.Upload(Data);
        AssertSays<InvalidOperationException>(
            "the executor has no parameters yet; call SetParameters first",
            () => executor.Evaluate(samples), () => executor.TrainEpoch(samples, 0.1f), () => executor.Activations(samples, 0),
            () => executor.ComputeGradients(samples), () => executor.ReadInputGradients(samples, 2, 0, new float[35]),
            () => executor.ReadActivations(samples, 2, new float[14]),
            () => executor.GetParameters(new float[Plan.ParameterCount]));
        executor.SetParameters(new float[Plan.ParameterCount]);
        AssertSays<InvalidOperationException>(
            "there are no gradients before the first batch", () => executor.GetGradients(new float[Plan.ParameterCount]));
        executor.ComputeGradients(samples);
        executor.GetGradients(new float[Plan.ParameterCount]);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Lengths_layers_and_batches_that_are_not_the_plan_s_are_named(string executorName)
    {
        using IExecutor executor = Ready(executorName);
        using IDeviceSamples samples = executor.Upload(Data, batchSize: 3);
        executor.TrainEpoch(samples, 0.1f);
        AssertSays<ArgumentException>(
            "25 parameters; \"linear(3) > abs > linear(2)\" with 5 inputs has 26",
            () => executor.SetParameters(new float[25]), () => executor.GetParameters(new float[25]));
        AssertSays<ArgumentException>("27 gradients; ", () => executor.GetGradients(new float[27]));
        AssertSays<ArgumentException>(
            "there is room for 13 activations; 7 samples of 2 outputs are 14",
            () => executor.ReadActivations(samples, 2, new float[13]));
        AssertSays<ArgumentOutOfRangeException>(
            "there is no layer 3; the network has layers 0 to 2",
            () => executor.Activations(samples, 3), () => executor.ReadActivations(samples, 3, []));
        AssertSays<ArgumentException>(
            "there is room for 34 gradients; 7 samples of 5 inputs are 35",
            () => executor.ReadInputGradients(samples, 1, 0, new float[34]));
        AssertSays<ArgumentOutOfRangeException>(
            "there is no output 3; layer 0 has outputs 0 to 2", () => executor.ReadInputGradients(samples, 0, 3, new float[35]));
        AssertSays<ArgumentOutOfRangeException>("there is no layer -1", () => executor.Activations(samples, -1));
        AssertSays<ArgumentOutOfRangeException>(
            "there is no batch 3; the samples have batches 0 to 2",
            () => executor.TrainEpoch(samples, 0.1f, [0, 3]), () => executor.ComputeGradients(samples, 3));
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Samples_of_another_executor_or_disposed_ones_are_refused(string executorName)
    {
        using IExecutor executor = Ready(executorName), other = Ready(executorName);
        using IDeviceSamples others = other.Upload(Data);
        IDeviceSamples samples = executor.Upload(Data);
        Action[] Uses(IDeviceSamples used) =>
        [
            () => executor.Evaluate(used), () => executor.TrainEpoch(used, 0.1f), () => executor.Activations(used, 1),
            () => executor.ComputeGradients(used), () => executor.ReadInputGradients(used, 2, 0, new float[35]),
            () => executor.ReadActivations(used, 2, new float[14]),
        ];

        AssertSays<ArgumentException>("the samples belong to another executor; upload them to this one", Uses(others));
        using IDeviceActivations activations = executor.Activations(samples, 1);
        samples.Dispose();
        samples.Dispose();
        AssertSays<ObjectDisposedException>(
            "the samples have been disposed",
            [.. Uses(samples), () => activations.Sum(0), () => activations.Rank(),
                () => activations.CountCorrect([new Clamp(0, 1)])]);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Activations_and_ranks_that_are_disposed_or_whose_executor_is_are_refused(string executorName)
    {
        IExecutor executor = Ready(executorName);
        using IDeviceSamples samples = executor.Upload(Data);
        using IDeviceActivations kept = executor.Activations(samples, 1);
        IDeviceActivations activations = executor.Activations(samples, 1);
        using IDeviceRanks keptRanks = activations.Rank();
        IDeviceRanks ranks = activations.Rank();
        ranks.Dispose();
        activations.Dispose();
        activations.Dispose();
        AssertSays<ObjectDisposedException>(
            "the activations have been disposed", () => activations.Sum(0), () => activations.Histogram(0, 0, 1, 3),
            () => activations.Rank());
        AssertSays<ObjectDisposedException>(
            "the ranks have been disposed", () => ranks.SumByClass(), () => ranks.SamplesAt(0, 0, 1),
            () => keptRanks.SumProducts(ranks));

        executor.Dispose();
        executor.Dispose();
        AssertSays<ObjectDisposedException>(
            "the executor has been disposed",
            () => executor.Upload(Data), () => executor.Evaluate(samples),
            () => executor.SetParameters(new float[Plan.ParameterCount]),
            () => executor.GetGradients(new float[Plan.ParameterCount]), () => kept.Sum(0), () => keptRanks.SumByClass());
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void After_its_device_an_executor_can_only_be_disposed(string executorName)
    {
        ComputeDevice device = ExecutorFixture.Open(executorName);
        ExecutorFactory executors = ExecutorFixture.Factory(executorName, device);
        using IExecutor executor = executors.Create(Plan);
        using IDeviceSamples samples = executor.Upload(Data);
        executor.SetParameters(new float[Plan.ParameterCount]);
        executor.Evaluate(samples);
        device.Dispose();
        device.Dispose();
        AssertSays<ObjectDisposedException>(
            $"the device \"{device.Selector}\"", () => executor.Evaluate(samples), () => executor.Upload(Data),
            () => executors.Create(Plan),
            executors.Prepare);
    }

    private IExecutor Ready(string executorName)
    {
        IExecutor executor = devices.Create(executorName, Plan);
        executor.SetParameters(new float[Plan.ParameterCount]);
        return executor;
    }

    private static void AssertSays<TException>(string message, params Action[] uses) where TException : Exception
    {
        foreach (Action use in uses)
            Assert.Contains(message, Assert.Throws<TException>(use).Message, StringComparison.Ordinal);
    }
}
