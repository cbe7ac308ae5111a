using System.Runtime.InteropServices;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>The processor as a device.</summary>
internal static class CpuDevices
{
    /// <summary>The most threads that can be asked for.</summary>
    public const int MostThreads = 256;

    /// <summary>The CPU as listed.</summary>
    public static DeviceInfo Describe() => new()
    {
        Selector = DeviceSelector.NameOf(DeviceKind.Cpu),
        Kind = DeviceKind.Cpu,
        Name = ProcessorName(),
        Driver = $"{RuntimeInformation.ProcessArchitecture}, {ProcessorVectors.Bits}-bit SIMD",
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        ComputeUnits = Environment.ProcessorCount,
        LargestGroup = MostThreads,
        WarpSize = CpuAccelerators.ThreadsPerWarp,
        SharesHostMemory = true,
    };

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
