using System.Numerics;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.CPU;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// ILGPU's CPU accelerator. One group runs at a time, each of its work-items on an operating-system thread of its own, so
/// that work-items may wait for each other.
/// </summary>
internal static class CpuDevices
{
    /// <summary>The most threads that can be asked for.</summary>
    public const int MostThreads = 256;

    /// <summary>The executor of kernels finds at least this many work-items in a group: that of its kernels.</summary>
    public const int SmallestLargestGroup = Kernels.Tiles.GroupSize;

    /// <summary>The smallest that ILGPU allows; a launch wakes whole warps, so the smallest is the cheapest.</summary>
    private const int ThreadsPerWarp = 2;

    /// <summary>The CPU as listed.</summary>
    public static DeviceInfo Describe() => new()
    {
        Selector = DeviceSelector.NameOf(DeviceKind.Cpu),
        Kind = DeviceKind.Cpu,
        Name = ProcessorName(),
        Driver = $"{RuntimeInformation.ProcessArchitecture}, {SimdArithmetic.VectorBits}-bit SIMD",
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        ComputeUnits = Environment.ProcessorCount,
        LargestGroup = LargestGroup(Environment.ProcessorCount, ExecutorKind.Kernels),
        WarpSize = ThreadsPerWarp,
        SharesHostMemory = true,
    };

    /// <summary>Work-items in the largest group of the accelerator that <see cref="Open"/> makes.</summary>
    public static int LargestGroup(int threads, ExecutorKind executor)
    {
        int workItems = executor == ExecutorKind.Simd ? threads : Math.Max(threads, SmallestLargestGroup);
        int warps = (workItems + ThreadsPerWarp - 1) / ThreadsPerWarp;
        return ThreadsPerWarp * (int)BitOperations.RoundUpToPowerOf2((uint)warps);
    }

    /// <summary>
    /// Makes an accelerator no larger than needed: each launch wakes all of its threads, so a larger one is slower. The mode
    /// is explicit because the sequential one would never finish where work-items wait for each other.
    /// </summary>
    public static CPUAccelerator Open(Context context, int threads, ExecutorKind executor) =>
        new CPUDevice(ThreadsPerWarp, LargestGroup(threads, executor) / ThreadsPerWarp, 1)
            .CreateCPUAccelerator(context, CPUAcceleratorMode.Parallel);

    private static string ProcessorName()
    {
        const string LinuxList = "/proc/cpuinfo";
        string? line = File.Exists(LinuxList)
            ? File.ReadLines(LinuxList).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':') + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? "CPU";
    }
}
