using IlgpuDistance.Cli.Verification;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Tests;

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
        Assert.StartsWith("5 epochs of 2 models: loss ", CurveCheck.Of(device, 5, default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(IExecutor.GetGradients), "gradients 2.0e-3 \\(")]
    [InlineData(nameof(IExecutor.ReadActivations), "logits 2.0e-3 \\(")]
    [InlineData(nameof(IExecutor.Evaluate), "losses of steps 2.0e-3 \\(")]
    [InlineData(nameof(IExecutor.GetParameters), "parameters after 25 2.0e-3 \\([a-z0-9.]+ of ")]
    public void A_wrong_figure_is_named_with_its_largest_difference_after_all_models_that_are_wrong(string wrong, string words)
    {
        var error = Assert.Throws<Discrepancy>(() => PyTorchCheck.OfModels(Device(inner => new Wrong(inner, wrong)), default));
        Assert.StartsWith("29 of 29 models are wrong: Abs", error.Message, StringComparison.Ordinal);
        Assert.Matches(
            $"; the largest relative differences: {words}[^(]+; at most 1.0e-[45] is allowed\\)$", error.Message);
    }

    [Fact]
    public void Of_many_that_are_wrong_the_first_are_named_and_what_is_right_is_not()
    {
        var differences = new LargestDifferences();
        Assert.True(differences.Add("loss", "right", 1, 1, 0.1));
        foreach (int i in Enumerable.Range(0, 32))
            Assert.False(differences.Add("logits", $"m{i}", 1, 2 + i, 0.1));
        Assert.Equal(32, differences.WrongFigures);
        string message = Assert.Throws<Discrepancy>(() => differences.Conclude("models")).Message;
        Assert.StartsWith("32 of 33 models are wrong: m0, m1, ", message, StringComparison.Ordinal);
        Assert.EndsWith(
            ", m29 and 2 more; the largest relative differences: logits 3.2e1 (m31; at most 1.0e-1 is allowed)", message,
            StringComparison.Ordinal);
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
    public void No_number_is_the_largest_difference()
    {
        var differences = new LargestDifferences();
        Assert.False(differences.Add("loss", "large", 1, 99, 1));
        Assert.False(differences.Add("loss", "none", 1, double.NaN, 1));
        Assert.False(differences.Add("loss", "larger", 1, 999, 1));
        Assert.EndsWith("loss NaN (none; at most 1.0e0 is allowed)",
            Assert.Throws<Discrepancy>(() => differences.Conclude("models")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernels_that_did_not_run_are_known()
    {
        VerifiedDevice device = Device(executor => executor);
        Assert.Contains("linear-forward-bytes-wide", device.KernelsThatDidNotRun);
    }

    [Fact]
    public void Kernels_are_suspect_that_ran_only_where_something_was_wrong()
    {
        var kernels = new ExecutorFactory(_cpu, ExecutorKind.Kernels);
        var device = new VerifiedDevice(kernels, kernels, () => throw new InvalidOperationException("not opened again"));
        var differences = new LargestDifferences();
        void Run(string network, bool isRight) => device.Run(
            NetworkPlan.Compile(Network.Parse(network), inputs: 3, classes: 2), differences, executor =>
            {
                using IDeviceSamples samples = executor.Upload(new Samples(new float[] { 1, 2, 3 }, new byte[] { 1 }, width: 3));
                executor.SetParameters(new float[executor.Plan.ParameterCount]);
                executor.Evaluate(samples);
                differences.Add("loss", network, 1, isRight ? 1 : 2, 0.1);
            });

        Run("linear(2)", isRight: true);
        Run("linear(2) > offset-l1(2)", isRight: false);
        Assert.Equal(["offset-l1-forward-floats"], device.SuspectKernels);
        Run("offset-l1(3) > offset-l1(2)", isRight: true);
        Assert.Empty(device.SuspectKernels);
    }

    [Fact]
    public void A_device_that_stops_working_is_not_blamed_for_the_kernels_that_it_did_not_run()
    {
        var kernels = new ExecutorFactory(_cpu, ExecutorKind.Kernels);
        var device = new VerifiedDevice(kernels, kernels, () => throw new InvalidOperationException("it is lost"))
        {
            Create = _ => throw new InvalidOperationException("it is lost"),
        };
        var verdict = new DeviceVerdict("cpu") { Description = "a device" };
        new Verifier(new Effort(0, 0, [], 0), Training.Data.Dataset.ReadDigits(), default)
            .Verify(device, verdict, _ => { }, _ => { });
        Assert.Contains(verdict.Checks, check => !check.Passed && check.Finding.Contains("it is lost", StringComparison.Ordinal));
        Assert.DoesNotContain(verdict.Checks, check => check.Title == "every kernel");
    }

    [Fact]
    public void A_device_has_passed_only_where_all_was_checked()
    {
        var verdict = new DeviceVerdict("cuda:0") { Description = "a device" };
        Assert.Equal("not finished", verdict.Outcome);
        verdict.Checks.Add(new CheckResult("one", Passed: true, "fine", 1));
        Assert.Equal("not finished", verdict.Outcome);
        verdict.IsComplete = true;
        Assert.Equal("passed", verdict.Outcome);
        verdict.Checks.Add(new CheckResult("another", Passed: false, "wrong", 1));
        Assert.Equal("FAILED", verdict.Outcome);
        Assert.Equal("not used", (verdict with { Refusal = "is broken" }).Outcome);
    }

    [Theory]
    [InlineData(DeviceKind.Cuda, "NVIDIA", "NVIDIA H200", true)]
    [InlineData(DeviceKind.OpenCL, "Advanced Micro Devices, Inc.", "gfx1100", true)]
    [InlineData(DeviceKind.OpenCL, "Mesa/X.org", "AMD Radeon RX 6600", true)]
    [InlineData(DeviceKind.OpenCL, "Intel(R) Corporation", "Intel(R) Arc(TM) A770", true)]
    [InlineData(DeviceKind.OpenCL, "ARM", "Mali-G710", false)]
    public void What_compilers_make_of_every_product_is_known_for_the_makers_of_most_GPUs(
        DeviceKind kind, string vendor, string name, bool isKnown)
    {
        var device = new DeviceInfo { Selector = "x", Kind = kind, Vendor = vendor, Name = name, IsGpu = true };
        ExpectedShares? expected = ExpectedShares.For(device);
        Assert.Equal(isKnown, expected is not null);
        Assert.Null(ExpectedShares.For(device with { Kind = DeviceKind.OpenCL, IsGpu = false }));
        foreach (var kernel in Gpu.Kernels.KernelCatalogue.All.Where(_ => isKnown))
        {
            double? share = expected!.Of(kernel.Name);
            Assert.Equal(kernel.IsProduct, share is not null);
            // A product of matrices is to have 60 % of fused multiply-adds, others 60 % of float32, which counts half.
            Assert.InRange(share ?? 0.5, kernel.Name.StartsWith("linear-", StringComparison.Ordinal) ? 0.6 : 0.3, 1);
        }
    }

    [Fact]
    public void A_report_says_what_was_not_checked_and_why()
    {
        using var folder = new TemporaryFolder();
        VerificationReport.Write(folder["report.md"],
        [
            new DeviceVerdict("cpu") { Description = "a processor", IsComplete = true },
            new DeviceVerdict("cuda") { Description = "the CUDA driver", Refusal = "does not start" },
            new DeviceVerdict("opencl:0") { Description = "a card" },
        ], "Digits");
        string report = File.ReadAllText(folder["report.md"]);
        Assert.Contains("| cpu | a processor | passed |", report, StringComparison.Ordinal);
        Assert.Contains("| cuda | the CUDA driver does not start | not used |", report, StringComparison.Ordinal);
        Assert.Contains("| opencl:0 | a card | not finished |", report, StringComparison.Ordinal);
        Assert.Contains("Not everything was checked", report, StringComparison.Ordinal);
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
