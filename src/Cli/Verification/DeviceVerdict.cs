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

    /// <summary>Why it is not checked, in words; null where it can be used.</summary>
    public string? Refusal { get; init; }

    /// <summary>What share of its arithmetic the machine code of kernels allows; null where that is not known.</summary>
    public ExpectedShares? Expected { get; set; }

    /// <summary>Whether all checks have come to an end. They may not have begun.</summary>
    public bool IsComplete { get; set; }

    /// <summary>What is to be said of it in a word.</summary>
    public string Outcome =>
        Refusal is not null ? "not used" : Checks.Any(check => !check.Passed) ? "FAILED" : IsComplete ? "passed" : "not finished";
}
