using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Cli.Verification;

/// <summary>What is found on a device.</summary>
/// <param name="Selector">What chooses it.</param>
internal sealed record DeviceVerdict(string Selector)
{
    /// <summary>Device, executor and driver, in words.</summary>
    public required string Description { get; set; }

    /// <summary>The checks, in their order; of an interrupted verification those that came to an end.</summary>
    public List<CheckResult> Checks { get; } = [];

    /// <summary>The times of some models.</summary>
    public List<ModelTiming> Timings { get; } = [];

    /// <summary>What the device can do, as measured; null where it was not.</summary>
    public DevicePeaks? Peaks { get; set; }

    /// <summary>Whether nothing failed.</summary>
    public bool Passed => Checks.All(check => check.Passed);
}
