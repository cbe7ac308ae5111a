using ILGPU;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Gpu.Tests.Devices;

public sealed class ComputeDeviceTests
{
    private static Barrier _meeting = new(1);

    private static void MeetKernel(ArrayView<int> met) => met[Group.IdxX] = Meet();

    /// <summary>1 where all work-items of the group arrived, 0 where they did not within the time.</summary>
    [IntrinsicImplementation]
    private static int Meet() => _meeting.SignalAndWait(HangLimit.Value) ? 1 : 0;

    private static int[] LaunchMeeting(ComputeDevice device, int groupSize)
    {
        _meeting = new Barrier(groupSize);
        Accelerator accelerator = device.AcceleratorFor(groupSize);
        using MemoryBuffer1D<int, Stride1D.Dense> met = accelerator.Allocate1D<int>(groupSize);
        accelerator.LoadStreamKernel<ArrayView<int>>(MeetKernel)(new KernelConfig(1, groupSize), met.View);
        accelerator.Synchronize();
        return met.GetAsArray1D();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void All_work_items_of_a_group_run_at_once_on_the_CPU(int threads)
    {
        using ComputeDevice device = ComputeDevice.Open("cpu", threads);
        Assert.Equal(threads, device.Threads);
        Assert.Equal(Enumerable.Repeat(1, threads), LaunchMeeting(device, threads));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(256, 256)]
    public void The_CPU_s_accelerator_is_no_larger_than_a_group_needs(int groupSize, int largestGroup)
    {
        using ComputeDevice device = ComputeDevice.Open("cpu");
        Assert.Equal(largestGroup, device.AcceleratorFor(groupSize).MaxNumThreadsPerGroup);
        Assert.Same(device.AcceleratorFor(groupSize), device.AcceleratorFor(largestGroup));
    }

    [Fact]
    public void On_the_CPU_groups_may_be_larger_than_the_number_of_threads()
    {
        using ComputeDevice device = ComputeDevice.Open("cpu", threads: 1);
        Assert.Equal(Enumerable.Repeat(1, 16), LaunchMeeting(device, 16));
    }

    [Fact]
    public void Auto_opens_the_device_that_the_catalogue_announces()
    {
        using ComputeDevice device = ComputeDevice.Open();
        Assert.Equal(DeviceCatalog.Choose("auto", DeviceCatalog.List()).Selector, device.Selector);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(257)]
    public void Numbers_of_threads_out_of_range_are_refused(int threads)
    {
        var error = Assert.Throws<InputException>(() => ComputeDevice.Open("cpu", threads));
        Assert.Equal($"{threads} threads: expected 1 to 256", error.Message);
    }

    [Fact]
    public void A_missing_device_is_refused() =>
        Assert.Throws<InputException>(() => ComputeDevice.Open("cuda:77"));

    [SkippableFact]
    public void Every_usable_GPU_or_OpenCL_device_opens_and_refuses_what_is_for_the_CPU()
    {
        DeviceInfo[] others = [.. DeviceCatalog.List()
            .Where(info => info.IsUsable && info.Kind != DeviceKind.Cpu)];
        Skip.If(others.Length == 0, "no usable device besides the CPU");
        foreach (DeviceInfo info in others)
        {
            using (ComputeDevice device = ComputeDevice.Open(info.Selector))
            {
                Assert.Equal(0, device.Threads);
                Assert.Equal(info.Name, device.Name);
            }
            Assert.Contains(
                "the number of threads is for the CPU only",
                Assert.Throws<InputException>(() => ComputeDevice.Open(info.Selector, threads: 2)).Message,
                StringComparison.Ordinal);
        }
    }
}
