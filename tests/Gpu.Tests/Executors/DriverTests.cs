using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// Stands for all tests on the devices of a driver where there are none: it is skipped with the reason, or fails where the driver
/// is required, while the theories over <see cref="ExecutorFixture.Names"/> have no cases.
/// </summary>
public sealed class DriverTests
{
    [SkippableTheory]
    [InlineData("opencl")]
    [InlineData("cuda")]
    public void Tests_of_a_driver_run_on_its_first_device_or_the_reason_is_told(string driver)
    {
        using ComputeDevice device = ExecutorFixture.Open(driver);
        Assert.StartsWith($"{driver}:", device.Selector, StringComparison.Ordinal);
        Assert.Equal(ExecutorKind.Kernels, new ExecutorFactory(device).Kind);
        Assert.Contains(driver, ExecutorFixture.Names);
    }

    [Fact]
    public void No_theory_has_a_case_for_a_driver_without_a_device()
    {
        string[] here = [.. ExecutorFixture.Drivers.Where(driver => DeviceCatalog.List().Any(
            device => device.IsUsable && $"{device.Kind}".Equals(driver, StringComparison.OrdinalIgnoreCase)))];
        Assert.Equal(["simd", "kernels", .. here], ExecutorFixture.Names);
        Assert.Equal([.. here, .. here.Length == 0 ? ["opencl"] : (string[])[]], ExecutorFixture.DriversOrFirst);
    }
}
