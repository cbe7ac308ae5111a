using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Library.Tests;

/// <summary>What depends on the number of processors, of which the tests of the devices are told one.</summary>
public sealed class ProcessorTests
{
    [Fact]
    public void The_CPU_has_the_machine_s_processors_and_by_default_a_thread_for_each()
    {
        Assert.Equal(Environment.ProcessorCount, DeviceCatalog.List()[0].ComputeUnits);
        using ComputeDevice device = ComputeDevice.Open("cpu");
        Assert.Equal(DeviceKind.Cpu, device.Kind);
        Assert.Equal("cpu", device.Selector);
        Assert.Equal(Math.Min(Environment.ProcessorCount, 256), device.Threads);
    }
}
