using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Tests.Executors;

namespace IlgpuDistance.Gpu.Tests.Kernels;

public sealed class OpenClKernelsTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    [SkippableFact]
    public void A_kernel_s_text_is_the_same_on_each_device_that_is_opened_whatever_was_compiled_before()
    {
        var accelerator = (CLAccelerator)devices.Device("opencl").AcceleratorFor(Tiles.GroupSize);
        string[] names = ["linear-forward-bytes-narrow", "softmax-cross-entropy", "ranks"];
        Kernel[] kernels = [.. KernelCatalogue.All.Where(kernel => names.Contains(kernel.Name))];
        Assert.Equal(names.Length, kernels.Length);
        string[] texts = [.. kernels.Reverse().Select(kernel => OpenClKernels.Compile(kernel, accelerator).Source).Reverse()];

        var device = (CLBackend)accelerator.GetBackend();
        foreach (var (kernel, text) in kernels.Zip(texts))
        {
            using Context context = DeviceContext.Create();
            using var backend = new CLBackend(context, device.Capabilities, device.Vendor, device.CLStdVersion);
            var alone = (CLCompiledKernel)kernel.Compile(backend, OpenClFeatures.Of(accelerator.Device));
            Assert.Equal(alone.Source, text);
        }

        using ComputeDevice anew = ExecutorFixture.Open("opencl");
        var other = (CLAccelerator)anew.AcceleratorFor(Tiles.GroupSize);
        Assert.Equal(texts, kernels.Select(kernel => OpenClKernels.Compile(kernel, other).Source));
    }
}
