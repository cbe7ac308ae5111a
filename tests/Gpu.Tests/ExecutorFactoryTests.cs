using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Tests.Executors;

namespace IlgpuDistance.Gpu.Tests;

public sealed class ExecutorFactoryTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    private static readonly NetworkPlan Plan =
        NetworkPlan.Compile(Network.Parse("linear(5) > abs > linear(3)"), inputs: 7, classes: 3);

    [Fact]
    public void On_the_CPU_the_default_is_SIMD_and_kernels_run_on_the_same_device()
    {
        using ComputeDevice device = ComputeDevice.Open("cpu", threads: 2);
        var (simd, kernels) = (new ExecutorFactory(device), new ExecutorFactory(device, ExecutorKind.Kernels));
        Assert.Equal((ExecutorKind.Simd, ExecutorKind.Kernels), (simd.Kind, kernels.Kind));
        Assert.Equal($"{device.Name} (cpu), simd executor, 2 threads", $"{simd}");
        Assert.Matches("^(128|256|512)-bit vectors, (fused|separate) multiply-add$", simd.Arithmetic!);
        Assert.Null(kernels.Arithmetic);

        simd.Prepare();
        kernels.Prepare();
        float[][] logits = [.. new[] { simd, kernels }.Select(executors =>
        {
            using IExecutor executor = executors.Create(Plan);
            executor.SetParameters([.. Enumerable.Range(0, Plan.ParameterCount).Select(i => i % 5 - 1.5f)]);
            using IDeviceSamples samples = executor.Upload(new Samples(new float[] { 1, 2, 3, 4, 5, 6, 7 }, new byte[1], 7));
            float[] values = new float[3];
            executor.ReadActivations(samples, 2, values);
            return values;
        })];
        Assert.NotEqual(logits[0][0], logits[0][1]);
        Assert.Equal(logits[0], logits[1]);
    }

    [SkippableTheory]
    [MemberData(nameof(ExecutorFixture.OnDrivers), MemberType = typeof(ExecutorFixture))]
    public void Elsewhere_the_default_is_kernels_and_SIMD_is_refused(string driver)
    {
        ComputeDevice device = devices.Device(driver);
        Assert.Equal(ExecutorKind.Kernels, new ExecutorFactory(device).Kind);
        string message =
            $"device \"{device.Selector}\" ({device.Name}): the SIMD executor runs on the CPU only; choose the device cpu " +
            $"or the executor kernels";
        Assert.Equal(message, Assert.Throws<InputException>(() => new ExecutorFactory(device, ExecutorKind.Simd)).Message);
        Assert.Equal(message, Assert.Throws<InputException>(() => ExecutorFactory.Check(device.Info, ExecutorKind.Simd)).Message);
    }
}
