using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Tests.Profiling;

public sealed class DevicePeaksTests
{
    /// <summary>1,000 GFLOP/s and 100 GB/s: the ridge of the roof is at 10 FLOP per byte.</summary>
    private static readonly DevicePeaks Peaks = new(1e12, 1e11);

    private static WorkTotal Work(double seconds, double flop, double bytes) => new("work", Calls: 3, seconds, flop, bytes);

    [Theory]
    [InlineData(20, 0.5, false)] // Above the ridge: 10¹² FLOP need a second at least.
    [InlineData(10, 0.5, false)] // On the ridge both limits are the same.
    [InlineData(2, 2.5, true)] // Below it: 5 · 10¹¹ bytes need 5 s at least.
    public void The_roofline_is_the_lower_of_arithmetic_and_of_intensity_times_bandwidth(
        double intensity, double share, bool byBytes)
    {
        WorkTotal work = Work(seconds: 2, flop: 1e12, bytes: 1e12 / intensity);
        Assert.Equal(share, Peaks.Share(work)!.Value, 12);
        Assert.Equal(byBytes, Peaks.IsBoundByBytes(work));
        // The same as the model states it.
        double roof = Math.Min(Peaks.FlopPerSecond, intensity * Peaks.BytesPerSecond);
        Assert.Equal(work.FlopPerSecond / roof, Peaks.Share(work)!.Value, 12);
    }

    [Fact]
    public void Work_without_arithmetic_is_measured_by_its_bytes_and_work_without_either_not_at_all()
    {
        Assert.Equal(0.25, Peaks.Share(Work(seconds: 4, flop: 0, bytes: 1e11)));
        Assert.True(Peaks.IsBoundByBytes(Work(seconds: 4, flop: 0, bytes: 1e11)));
        Assert.Null(Peaks.Share(Work(seconds: 4, flop: 0, bytes: 0)));
    }

    [Fact]
    public void The_better_of_two_measurements_is_the_better_in_each_respect() =>
        Assert.Equal(new DevicePeaks(3, 4), new DevicePeaks(3, 2).Best(new DevicePeaks(1, 4)));

    [Fact]
    public void Work_above_the_roof_says_that_the_peak_was_disturbed_and_it_is_measured_again()
    {
        // 1.3 s of arithmetic done in one: the peak must be at least 1.3 TFLOP/s. 5 % above it is a clock's inaccuracy.
        WorkTotal[] work = [Work(seconds: 1, flop: 1.05e12, bytes: 0),
            Work(seconds: 1, flop: 1.3e12, bytes: 0) with { Name = "fast" }];
        var measured = new Queue<DevicePeaks>([new(0.9e12, 2e11), new(1.25e12, 1e10), new(9e12, 9e12)]);
        DevicePeaks raised = Peaks.RaisedOver(work, measured.Dequeue);
        Assert.Equal(new DevicePeaks(1.25e12, 2e11), raised);
        Assert.Single(measured);
        Assert.Null(raised.AboveRoof(work));
        Assert.Equal("fast", Peaks.AboveRoof(work)!.Name);
    }

    [Fact]
    public void Where_the_disturbance_lasts_measuring_ends()
    {
        int measurements = 0;
        DevicePeaks Measure()
        {
            measurements++;
            return Peaks;
        }
        WorkTotal[] work = [Work(seconds: 1, flop: 2e12, bytes: 0)];
        Assert.NotNull(Peaks.RaisedOver(work, Measure).AboveRoof(work));
        Assert.Equal(3, measurements);
    }

    [Theory]
    [InlineData(ExecutorKind.Simd)]
    [InlineData(ExecutorKind.Kernels)]
    public void What_is_measured_is_a_speed_that_a_processor_can_have(ExecutorKind kind)
    {
        using ComputeDevice device = ComputeDevice.Open("cpu", threads: 2);
        DevicePeaks peaks = DevicePeaks.Measure(new ExecutorFactory(device, kind));
        // From an emulated GPU under full load to more than any pair of cores has: what fails here is a wrong count or unit.
        Assert.InRange(peaks.FlopPerSecond, 1e4, 1e13);
        Assert.InRange(peaks.BytesPerSecond, 1e4, 1e13);
    }
}
