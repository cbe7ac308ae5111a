using System.Globalization;
using System.Runtime.InteropServices;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Verification;

/// <summary>Words and figures of a verification.</summary>
internal static class VerificationText
{
    /// <summary>The operating system and the program, without names of people, machines or folders.</summary>
    public static string Machine => string.Create(CultureInfo.InvariantCulture,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} logical " +
        $"processors; {RuntimeInformation.FrameworkDescription}; {Help.Version}");

    /// <summary>A device, what runs on it, and its driver.</summary>
    public static string Of(ExecutorFactory executors) =>
        executors.Device.Info.Driver is { } driver ? $"{executors}, {driver}" : $"{executors}";

    /// <summary>A time.</summary>
    public static string Milliseconds(double seconds) => $"{Numbers.Digits(1000 * seconds)} ms";

    /// <summary>The least time that the roofline allows for a call of work.</summary>
    public static double SecondsAtRoof(WorkTotal work, DevicePeaks peaks) =>
        Math.Max(work.Flop / peaks.FlopPerSecond, work.Bytes / peaks.BytesPerSecond) / work.Calls;
}
