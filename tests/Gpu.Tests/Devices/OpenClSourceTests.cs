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
        string complete = OpenClSource.Complete(Source, 64, needsRegisters: true, OpenClFeatures.Usual);
        Assert.EndsWith(
            "\nstruct a;\nkernel __attribute__((reqd_work_group_size(64, 1, 1))) void Kernel_X(\n\tint b)\n{\n}\n", complete,
            StringComparison.Ordinal);
        Assert.Contains("#define multiply_add fma\n", complete, StringComparison.Ordinal);
        Assert.StartsWith(
            "#define multiply_add mad\n", OpenClSource.Complete(Source, 64, true, new(HasFma: false, null)),
            StringComparison.Ordinal);
    }

    /// <summary>Intel's compiler would have 32 work-items share the registers of 16 on Ponte Vecchio, and spill.</summary>
    [Theory]
    [InlineData(true, 16, "(intel_reqd_sub_group_size(16))")]
    [InlineData(true, null, null)]
    [InlineData(false, 16, null)]
    public void A_kernel_that_needs_registers_asks_for_the_smallest_sub_groups(
        bool needsRegisters, int? leastSubGroup, string? expected)
    {
        string complete = OpenClSource.Complete("kernel void X() { }", 64, needsRegisters, new(HasFma: true, leastSubGroup));
        Assert.Equal(
            $"kernel __attribute__((reqd_work_group_size(64, 1, 1))) {(expected is null ? "" : $"__attribute__({expected}) ")}" +
                "void X() { }",
            complete.Split('\n')[^1]);
    }

    [Fact]
    public void A_future_ILGPU_that_writes_kernels_otherwise_is_told_of() =>
        Assert.Throws<NotSupportedException>(
            () => OpenClSource.Complete("__kernel void X() { }", 64, needsRegisters: false, OpenClFeatures.Usual));

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
