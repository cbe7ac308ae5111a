using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Tests.Devices;

public sealed class DeviceCatalogTests
{
    [Fact]
    public void The_CPU_comes_first_and_is_usable()
    {
        DeviceInfo cpu = DeviceCatalog.List()[0];
        Assert.Equal("cpu", cpu.Selector);
        Assert.True(cpu.IsUsable);
        Assert.NotEmpty(cpu.Name);
        Assert.True(cpu.MemoryBytes > 0);
    }

    [Fact]
    public void Selectors_of_usable_devices_are_unique_and_choose_their_device()
    {
        IReadOnlyList<DeviceInfo> devices = DeviceCatalog.List();
        foreach (DeviceInfo device in devices.Where(device => device.IsUsable))
            Assert.Same(device, DeviceCatalog.Choose(device.Selector, devices));
    }

    [Fact]
    public void A_driver_that_fails_becomes_an_entry_with_its_reason()
    {
        IReadOnlyList<DetectedDevice> found = DeviceCatalog.Guarded(
            DeviceKind.OpenCL, () => throw new BadImageFormatException("not a library"));
        DeviceInfo info = Assert.Single(found).Info;
        Assert.Equal("opencl", info.Selector);
        Assert.Equal("failed (not a library)", info.Refusal);
    }

    [Fact]
    public void Failures_are_described_by_their_code()
    {
        Assert.Equal("CL_OUT_OF_RESOURCES", DriverErrors.Describe(new CLException(CLError.CL_OUT_OF_RESOURCES)));
        Assert.Equal("OpenCL error -1001", DriverErrors.Describe((CLError)(-1001)));
        Assert.Equal("CUDA error 803", DriverErrors.Describe((CudaError)803));
        Assert.Equal("inner", DriverErrors.Describe(new TypeInitializationException("Api", new DllNotFoundException("inner"))));
    }

    [SkippableFact]
    public void OpenCL_is_found_where_only_its_versioned_library_is_installed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the library has a versioned name on Linux only");
        Skip.IfNot(NativeLibrary.TryLoad("libOpenCL.so.1", out _), "no libOpenCL.so.1 is installed");
        Assert.Contains(DeviceCatalog.List(), device => device.Kind == DeviceKind.OpenCL);
    }

    [SkippableFact]
    public void An_OpenCL_device_that_lacks_what_ILGPU_insists_on_is_refused_unless_forced()
    {
        DeviceInfo[] refused =
            [.. DeviceCatalog.List().Where(device => device.TakesForce)];
        Skip.If(refused.Length == 0, "no device of OpenCL 1.2");
        IReadOnlyList<DeviceInfo> forced = DeviceCatalog.List(forceOpenCl: true);
        foreach (DeviceInfo device in refused)
        {
            Assert.False(device.IsForced);
            Assert.EndsWith("(with force it is used nevertheless, at your own risk)", device.RefusalAndRemedy?.ToString(),
                StringComparison.Ordinal);
            DeviceInfo same = Assert.Single(forced, other => other.Selector == device.Selector);
            Assert.True(same.IsUsable && same.IsForced);
            Assert.EndsWith("; it is used by force", same.Remark, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void An_OpenCL_device_without_generic_address_space_is_used_and_the_list_says_so()
    {
        DeviceInfo[] devices = [.. DeviceCatalog.List().Where(device =>
            device.Kind == DeviceKind.OpenCL && device.Remark?.Contains("generic", StringComparison.Ordinal) == true)];
        Skip.If(devices.Length == 0, "no OpenCL device without generic address space");
        Assert.All(devices, device => Assert.Equal((true, false, false), (device.IsUsable, device.IsForced, device.TakesForce)));
        Assert.All(devices, device => Assert.Contains(
            "reports no generic address space; ILGPU asks for it, and no kernel needs it", device.Remark,
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_future_ILGPU_that_cannot_be_told_of_a_generic_address_space_refuses_in_plain_words()
    {
        var capabilities = new CLCapabilityContext(
            float16: false, float64: false, genericAddressSpace: false, int64_Atomics: false, subGroups: false);
        Assert.Equal(
            "reports no generic address space, and this version of ILGPU has no CLCapabilityContext.Renamed that can be set",
            OpenClRequirements.ClaimGenericAddressSpace(capabilities, "Renamed"));
        Assert.False(capabilities.GenericAddressSpace);
        Assert.Null(OpenClRequirements.ClaimGenericAddressSpace(capabilities));
        Assert.True(capabilities.GenericAddressSpace);
    }

    [Theory]
    [InlineData("OpenCL", "libOpenCL.so.1")]
    [InlineData("cuda", "libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1")]
    public void The_name_that_ILGPU_asks_for_is_tried_first_then_the_versioned_one_then_that_of_Windows(
        string name, params string[] others) =>
        Assert.Equal([name, .. others], NativeLibraries.NamesOf(name));

    [SkippableFact]
    public void A_library_is_known_to_be_there_without_being_loaded_and_one_that_is_not_there_is_known_too()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "elsewhere only the loader knows");
        Assert.False(NativeLibraries.IsInstalled("no-such-library"));
        // The run-time's own library for mathematics lies in glibc's list or in one of the usual folders.
        Assert.True(NativeLibraries.IsInstalled("m") || NativeLibraries.IsInstalled("c"));
        foreach (string name in (string[])["OpenCL", "cuda"])
            Assert.True(NativeLibraries.IsInstalled(name) || !NativeLibrary.TryLoad($"lib{name}.so.1", out _), name);
    }

    [Fact]
    public void A_library_that_does_not_exist_is_not_found() =>
        Assert.False(NativeLibraries.TryLoad("no-such-library", out _));
}
