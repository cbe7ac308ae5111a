using IlgpuDistance.Cli.Verification;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Cli.Tests;

/// <summary>What a verification says of an executor that is slightly wrong.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly ComputeDevice _cpu = ComputeDevice.Open("cpu", threads: 2);

    public void Dispose() => _cpu.Dispose();

    private VerifiedDevice Device(Func<IExecutor, IExecutor> disturb)
    {
        var executors = new ExecutorFactory(_cpu, ExecutorKind.Simd);
        return new VerifiedDevice(executors, executors, () => throw new InvalidOperationException("not opened again"))
        {
            Create = plan => disturb(executors.Create(plan)),
        };
    }

    [Fact]
    public void A_right_executor_passes()
    {
        VerifiedDevice device = Device(executor => executor);
        Assert.StartsWith("29 models: logits ", PyTorchCheck.OfModels(device, default), StringComparison.Ordinal);
        Assert.StartsWith("6 networks: sums ", AnalysisCheck.Of(device, default), StringComparison.Ordinal);
        Assert.StartsWith("25 networks: ", RandomNetworkCheck.Of(device, 1, default), StringComparison.Ordinal);
        Assert.StartsWith("5 epochs of ReLU and ", CurveCheck.Of(device, 5, default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(IExecutor.GetGradients), "gradients of ")]
    [InlineData(nameof(IExecutor.ReadActivations), "logits of Abs")]
    [InlineData(nameof(IExecutor.Evaluate), "losses of steps of Abs")]
    [InlineData(nameof(IExecutor.GetParameters), "parameters after 25 of ")]
    public void A_wrong_figure_is_named_with_its_difference(string wrong, string words)
    {
        var error = Assert.Throws<Discrepancy>(() => PyTorchCheck.OfModels(Device(inner => new Wrong(inner, wrong)), default));
        Assert.StartsWith(words, error.Message, StringComparison.Ordinal);
        Assert.Matches("relative difference [0-9.]+e-?[0-9]+; at most 1.0e-[45] is allowed$", error.Message);
    }

    [Fact]
    public void What_no_figure_of_PyTorch_shows_is_found_in_random_networks_and_curves()
    {
        VerifiedDevice device = Device(inner => new Wrong(inner, nameof(IExecutor.GetGradients)));
        Assert.Throws<Discrepancy>(() => RandomNetworkCheck.Of(device, 1, default));
        device = Device(inner => new Wrong(inner, nameof(IExecutor.TrainEpoch)));
        Assert.Throws<Discrepancy>(() => CurveCheck.Of(device, 5, default));
    }

    [Fact]
    public void No_number_is_a_difference() =>
        Assert.Throws<Discrepancy>(() => new LargestDifferences().Add("loss", "it", 1, double.NaN, 1));

    [Fact]
    public void Kernels_that_did_not_run_are_known()
    {
        VerifiedDevice device = Device(executor => executor);
        Assert.Contains("linear-forward-bytes-wide", device.KernelsThatDidNotRun);
    }

    /// <summary>An executor with one result that is off by a thousandth or so.</summary>
    private sealed class Wrong(IExecutor inner, string method) : IExecutor
    {
        private const float Factor = 1.002f;

        public NetworkPlan Plan => inner.Plan;

        public void SetParameters(ReadOnlySpan<float> parameters) => inner.SetParameters(parameters);

        public void GetParameters(Span<float> parameters)
        {
            inner.GetParameters(parameters);
            Disturb(parameters, nameof(GetParameters));
        }

        public void GetGradients(Span<float> gradients)
        {
            inner.GetGradients(gradients);
            Disturb(gradients, nameof(GetGradients));
        }

        public IDeviceSamples Upload(Samples samples, int batchSize) => inner.Upload(samples, batchSize);

        public void SetOptimizer(Optimizer optimizer, RateFactors? factors, OptimizerState? state) =>
            inner.SetOptimizer(optimizer, factors, state);

        public OptimizerState GetOptimizerState() => inner.GetOptimizerState();

        public PassMetrics TrainEpoch(
            IDeviceSamples samples, ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder) =>
            Disturbed(inner.TrainEpoch(samples, learningRates, batchOrder), nameof(TrainEpoch));

        public PassMetrics ComputeGradients(IDeviceSamples samples, int batch) => inner.ComputeGradients(samples, batch);

        public void ReadInputGradients(IDeviceSamples samples, int layer, int output, Span<float> gradients) =>
            inner.ReadInputGradients(samples, layer, output, gradients);

        public PassMetrics Evaluate(IDeviceSamples samples) => Disturbed(inner.Evaluate(samples), nameof(Evaluate));

        public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
        {
            inner.ReadActivations(samples, layer, activations);
            Disturb(activations, nameof(ReadActivations));
        }

        public IDeviceActivations Activations(IDeviceSamples samples, int layer) => inner.Activations(samples, layer);

        public void Dispose() => inner.Dispose();

        private void Disturb(Span<float> values, string of)
        {
            if (of != method)
                return;
            for (int i = 0; i < values.Length; i++)
                values[i] *= Factor;
        }

        private PassMetrics Disturbed(PassMetrics metrics, string of) =>
            of == method ? metrics with { LossSum = Factor * metrics.LossSum } : metrics;
    }
}
