using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>
/// The two limits of a device, and the roofline model (S. Williams, A. Waterman and D. Patterson, Communications of the ACM
/// 52(4), 2009): work of an intensity of I FLOP per byte runs at min(peak FLOP/s, I · peak bytes/s) at most.
/// </summary>
/// <param name="FlopPerSecond">Fused multiply-adds of float32, each counted as two, per second.</param>
/// <param name="BytesPerSecond">Bytes per second: of a GPU's memory, of the CPU's second-level caches.</param>
internal sealed record DevicePeaks(double FlopPerSecond, double BytesPerSecond)
{
    /// <summary>The largest buffer that is copied: beyond all caches of current GPUs.</summary>
    private const long LargestCopy = 256 << 20;

    /// <summary>
    /// ILGPU's CPU accelerator takes microseconds for each work-item; what it reaches does not depend on the size.
    /// </summary>
    private const long CopyOnCpuAccelerator = 1 << 18;

    /// <summary>
    /// Time for which a device is kept busy in one attempt: beside it, a launch and waiting for it are nothing.
    /// </summary>
    private const double SecondsPerAttempt = 0.01;

    private const int Attempts = 5;

    /// <summary>
    /// A share above this is no inaccuracy of clocks: a peak was measured while something else kept the device busy.
    /// </summary>
    private const double LargestShare = 1.1;

    /// <summary>Measurements that <see cref="RaisedOver"/> makes at most.</summary>
    private const int MostRepetitions = 3;

    /// <summary>
    /// The share of what the device could do that work reaches: the least time in which it can be done over the time that it
    /// took. For work with arithmetic in it that is its FLOP/s over those of the roofline at its intensity.
    /// </summary>
    /// <returns>The share, 1 where the device can do no better; null where the work has neither FLOP nor bytes.</returns>
    public double? Share(WorkTotal work) =>
        work.Flop > 0 || work.Bytes > 0 ? Math.Max(work.Flop / FlopPerSecond, work.Bytes / BytesPerSecond) / work.Seconds : null;

    /// <summary>Whether bytes, and not arithmetic, set the limit for work.</summary>
    public bool IsBoundByBytes(WorkTotal work) => work.Bytes / BytesPerSecond > work.Flop / FlopPerSecond;

    /// <summary>The work that is farthest above the roof, by more than clocks are inaccurate; null where none is.</summary>
    public WorkTotal? AboveRoof(IEnumerable<WorkTotal> work) => work.Where(each => Share(each) > LargestShare).MaxBy(Share);

    /// <summary>Measures again while work is above the roof, a few times at most: something disturbed the measurement.</summary>
    /// <param name="work">The work.</param>
    /// <param name="measure">Measures once more; the better counts.</param>
    public DevicePeaks RaisedOver(IReadOnlyCollection<WorkTotal> work, Func<DevicePeaks> measure)
    {
        DevicePeaks peaks = this;
        for (int n = 0; n < MostRepetitions && peaks.AboveRoof(work) is not null; n++)
            peaks = peaks.Best(measure());
        return peaks;
    }

    /// <summary>The better of each: a peak is what a device reaches when nobody disturbs it.</summary>
    public DevicePeaks Best(DevicePeaks other) =>
        new(Math.Max(FlopPerSecond, other.FlopPerSecond), Math.Max(BytesPerSecond, other.BytesPerSecond));

    /// <summary>Measures what a device reaches in simple loops; takes less than a second on most.</summary>
    /// <param name="executors">
    /// The device and the executor: for SIMD all threads run at once, and bytes are read from their second-level caches.
    /// </param>
    /// <exception cref="InputException">The device's driver fails, e.g. for lack of memory.</exception>
    public static DevicePeaks Measure(ExecutorFactory executors)
    {
        ComputeDevice device = executors.Device;
        if (executors.Kind == ExecutorKind.Simd)
        {
            var cpu = new CpuPeaks(device.Threads);
            return new DevicePeaks(cpu.MeasureFlopPerSecond(), cpu.MeasureL2());
        }
        try
        {
            var queue = new KernelQueue(device.AcceleratorFor(Tiles.GroupSize));
            return new DevicePeaks(MeasureMultiplyAdd(queue), MeasureCopy(queue));
        }
        catch (AcceleratorException error)
        {
            throw new InputException(
                $"device \"{device.Selector}\" ({device.Name}): what it can do could not be measured " +
                    $"({DriverErrors.Describe(error)}); " +
                $"say it{Hint.With(DeviceSettings.PeakFlop)}{new Hint("and", DeviceSettings.PeakBytes)}", error);
        }
    }

    private static double MeasureMultiplyAdd(KernelQueue queue)
    {
        // Several times what is resident on a multiprocessor at a time.
        int groups = 64 * queue.Accelerator.NumMultiprocessors;
        using MemoryBuffer1D<Float4, Stride1D.Dense> values = queue.Accelerator.Take<Float4>((long)groups * Tiles.GroupSize);
        values.MemSetToZero();
        int rounds = 1;
        // The first launch compiles.
        double seconds = Seconds(queue, 1, Launch);
        while ((seconds = Seconds(queue, 1, Launch)) < SecondsPerAttempt && rounds < 1 << 24)
            rounds *= 2;
        return PeakKernels.MultiplyAdd.Flop.Value(Shape()) / Fastest(queue, 1, Launch, seconds);

        WorkShape Shape() => new(0, (long)groups * Tiles.GroupSize, rounds);
        void Launch() => queue.Launch(PeakKernels.MultiplyAdd, groups, slices: 1, new(values.View, 0.5f, rounds), Shape());
    }

    private static double MeasureCopy(KernelQueue queue)
    {
        Accelerator accelerator = queue.Accelerator;
        long wanted = accelerator.AcceleratorType == AcceleratorType.CPU
            ? CopyOnCpuAccelerator
            : Math.Min(LargestCopy, accelerator.MemorySize / 16);
        int groups = (int)Math.Max(1, wanted / (Tiles.GroupSize * PeakKernels.CopiesPerItem * 4 * sizeof(float)));
        int items = groups * Tiles.GroupSize;
        using MemoryBuffer1D<Float4, Stride1D.Dense> source = accelerator.Take<Float4>((long)items * PeakKernels.CopiesPerItem);
        using MemoryBuffer1D<Float4, Stride1D.Dense> target = accelerator.Take<Float4>(source.Length);
        source.MemSetToZero();
        target.MemSetToZero();
        int launches = 1;
        double seconds = Seconds(queue, 1, Launch);
        while ((seconds = Seconds(queue, launches, Launch)) < SecondsPerAttempt)
            launches *= 2;
        return launches * PeakKernels.Copy.Bytes.Value(Shape()) / Fastest(queue, launches, Launch, seconds);

        WorkShape Shape() => new(0, source.LengthInBytes, 0);
        void Launch() => queue.Launch(PeakKernels.Copy, groups, slices: 1, new(source.View, target.View, items), Shape());
    }

    private static double Fastest(KernelQueue queue, int launches, Action launch, double seconds)
    {
        for (int i = 0; i < Attempts; i++)
            seconds = Math.Min(seconds, Seconds(queue, launches, launch));
        return seconds;
    }

    private static double Seconds(KernelQueue queue, int launches, Action launch)
    {
        queue.Accelerator.Synchronize();
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < launches; i++)
            launch();
        queue.Accelerator.Synchronize();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
