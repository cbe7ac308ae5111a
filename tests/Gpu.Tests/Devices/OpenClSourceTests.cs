using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Tests.Executors;

namespace IlgpuDistance.Gpu.Tests.Devices;

public sealed class OpenClSourceTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    [Fact]
    public void The_size_of_the_groups_and_the_multiply_add_are_declared()
    {
        const string Source = "struct a;\nkernel void Kernel_X(\n\tint b)\n{\n}\n";
        string complete = OpenClSource.Complete(Source, 64, hasFma: true);
        Assert.EndsWith(
            "\nstruct a;\nkernel __attribute__((reqd_work_group_size(64, 1, 1))) void Kernel_X(\n\tint b)\n{\n}\n", complete,
            StringComparison.Ordinal);
        Assert.Contains("#define multiply_add fma\n", complete, StringComparison.Ordinal);
        Assert.StartsWith("#define multiply_add mad\n", OpenClSource.Complete(Source, 64, hasFma: false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_future_ILGPU_that_writes_kernels_otherwise_is_told_of() =>
        Assert.Throws<NotSupportedException>(() => OpenClSource.Complete("__kernel void X() { }", 64, hasFma: true));

    [SkippableFact]
    public void A_kernel_that_does_not_compile_in_a_newer_version_of_the_language_is_compiled_in_an_older_one()
    {
        Accelerator accelerator = devices.Device("opencl").AcceleratorFor(Tiles.GroupSize);
        var kernel = (CLCompiledKernel)SliceSums.Kernel.Compile(accelerator.GetBackend());
        CLCompiledKernel tooNew = OpenClSource.Copy(kernel, kernel.Source, new CLCVersion(9, 9));
        Assert.Throws<CLException>(() => accelerator.LoadKernel(tooNew));
        using ILGPU.Runtime.Kernel loaded = OpenClSource.Load(accelerator, tooNew);
        Assert.Equal(kernel.Name, loaded.CompiledKernel.Name);

        CLCompiledKernel broken = OpenClSource.Copy(kernel, kernel.Source + "?", new CLCVersion(9, 9));
        Assert.Throws<CLException>(() => OpenClSource.Load(accelerator, broken));
    }
}
