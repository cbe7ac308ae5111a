using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Tests.Devices;

public sealed class DeviceSelectorTests
{
    private const long Gib = 1L << 30;

    private static readonly DeviceInfo Cpu = new() { Selector = "cpu", Kind = DeviceKind.Cpu, Name = "a processor" };
    private static readonly DeviceInfo SmallCuda = Gpu("cuda:0", DeviceKind.Cuda, 8 * Gib);
    private static readonly DeviceInfo LargeCuda = Gpu("cuda:1", DeviceKind.Cuda, 24 * Gib);
    private static readonly DeviceInfo Integrated = Gpu("opencl:0", DeviceKind.OpenCL, 64 * Gib) with { SharesHostMemory = true };
    private static readonly DeviceInfo Discrete = Gpu("opencl:1", DeviceKind.OpenCL, 16 * Gib);
    private static readonly DeviceInfo CpuThroughOpenCL = new()
    {
        Selector = "opencl:2",
        Kind = DeviceKind.OpenCL,
        Name = "the same processor",
        MemoryBytes = 128 * Gib,
        ComputeUnits = 512,
    };

    private static DeviceInfo Gpu(string selector, DeviceKind kind, long memoryBytes) => new()
    {
        Selector = selector,
        Kind = kind,
        Name = $"GPU {selector}",
        MemoryBytes = memoryBytes,
        ComputeUnits = 32,
        IsGpu = true,
    };

    private static string Choose(string selector, params DeviceInfo[] devices) =>
        DeviceCatalog.Choose(selector, devices).Selector;

    private static string Refusal(string selector, params DeviceInfo[] devices) =>
        Assert.Throws<InputException>(() => DeviceCatalog.Choose(selector, devices)).Message;

    [Fact]
    public void Auto_takes_the_CPU_where_there_is_nothing_else() => Assert.Equal("cpu", Choose("auto", Cpu));

    [Fact]
    public void Auto_prefers_CUDA_to_OpenCL() => Assert.Equal("cuda:0", Choose("auto", Cpu, SmallCuda, Integrated, Discrete));

    [Fact]
    public void Auto_takes_the_GPU_with_the_most_memory() => Assert.Equal("cuda:1", Choose("auto", Cpu, SmallCuda, LargeCuda));

    [Fact]
    public void Between_GPUs_of_equal_memory_auto_takes_the_one_with_more_compute_units() =>
        Assert.Equal("cuda:9", Choose("auto", Cpu, LargeCuda, LargeCuda with { Selector = "cuda:9", ComputeUnits = 33 }));

    [Fact]
    public void Among_equal_GPUs_auto_takes_the_first() =>
        Assert.Equal("cuda:1", Choose("auto", Cpu, LargeCuda, LargeCuda with { Selector = "cuda:2" }));

    [Fact]
    public void Memory_borrowed_from_the_host_does_not_count_as_large() =>
        Assert.Equal("opencl:1", Choose("auto", Cpu, Integrated, Discrete));

    [Fact]
    public void A_device_that_needs_no_force_comes_before_a_larger_one_that_does()
    {
        DeviceInfo forced = Discrete with { Selector = "opencl:9", MemoryBytes = 80 * Gib, IsForced = true };
        Assert.Equal("opencl:1", Choose("auto", Cpu, forced, Discrete));
        Assert.Equal("opencl:9", Choose("auto", Cpu, forced));
    }

    [Fact]
    public void Auto_never_takes_the_CPU_through_OpenCL() => Assert.Equal("cpu", Choose("auto", Cpu, CpuThroughOpenCL));

    [Fact]
    public void Auto_passes_over_a_GPU_that_cannot_be_used() =>
        Assert.Equal("opencl:1", Choose("auto", Cpu, SmallCuda with { Refusal = "does not start" }, Discrete));

    [Fact]
    public void A_kind_without_index_takes_the_best_of_its_kind()
    {
        Assert.Equal("cpu", Choose("cpu", Cpu, LargeCuda));
        Assert.Equal("cuda:1", Choose("cuda", Cpu, SmallCuda, LargeCuda, Discrete));
        Assert.Equal("opencl:1", Choose("opencl", Cpu, LargeCuda, Integrated, Discrete, CpuThroughOpenCL));
    }

    [Fact]
    public void The_CPU_through_OpenCL_is_taken_when_asked_for()
    {
        Assert.Equal("opencl:2", Choose("opencl:2", Cpu, Discrete, CpuThroughOpenCL));
        Assert.Equal("opencl:2", Choose("opencl", Cpu, CpuThroughOpenCL));
    }

    [Theory]
    [InlineData("cuda:0")]
    [InlineData(" CUDA:0 ")]
    [InlineData("Cuda:00")]
    public void Case_blanks_and_leading_zeros_do_not_matter(string selector) =>
        Assert.Equal("cuda:0", Choose(selector, Cpu, SmallCuda, LargeCuda));

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cpu:0")]
    [InlineData("auto:1")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cuda:0:0")]
    [InlineData("opencl:99999999999")]
    public void A_text_that_is_no_selector_is_refused_with_the_forms_that_are(string selector) => Assert.Equal(
        $"device \"{selector}\": expected auto, cpu, cuda, opencl, cuda:N or opencl:N; DeviceCatalog.List lists them",
        Refusal(selector, Cpu, SmallCuda));

    [Fact]
    public void A_missing_device_is_refused_with_the_ones_that_exist()
    {
        Assert.Equal(
            "device \"opencl\": there is no such device; usable here: cpu, cuda:0; DeviceCatalog.List lists them",
            Refusal("opencl", Cpu, SmallCuda));
        Assert.Equal(
            "device \"cuda:1\": there is no such device; usable here: cpu, cuda:0; DeviceCatalog.List lists them",
            Refusal("cuda:1", Cpu, SmallCuda));
    }

    [Fact]
    public void A_device_that_cannot_be_used_is_refused_with_the_reason()
    {
        DeviceInfo broken = Discrete with
        {
            Selector = "opencl:0",
            Refusal = "reports no generic address space, which ILGPU needs"
        };
        foreach (string selector in (string[])["opencl", "opencl:0"])
        {
            Assert.Equal(
                $"device \"{selector}\": GPU opencl:1 reports no generic address space, which ILGPU needs; usable here: cpu; " +
                "DeviceCatalog.List lists them",
                Refusal(selector, Cpu, broken));
        }
    }

    [Fact]
    public void A_driver_without_device_explains_why_there_is_none() => Assert.Contains(
        "the CUDA driver is installed, but finds no device",
        Refusal("cuda", Cpu, new DeviceInfo
        {
            Selector = "cuda",
            Kind = DeviceKind.Cuda,
            Name = "the CUDA driver",
            Refusal = "is installed, but finds no device",
        }),
        StringComparison.Ordinal);
}
