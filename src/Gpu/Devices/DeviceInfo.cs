using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// One device as listed, whether it can be used or not. A driver that is installed but shows no device is listed too,
/// with a selector that has no index. What the driver does not tell is null.
/// </summary>
public sealed record DeviceInfo
{
    /// <summary>The text that chooses this device: <c>cpu</c>, <c>cuda:0</c>, <c>opencl:1</c>.</summary>
    public required string Selector { get; init; }

    /// <summary>The interface through which it is driven.</summary>
    public required DeviceKind Kind { get; init; }

    /// <summary>The device's own name.</summary>
    public required string Name { get; init; }

    /// <summary>The maker of the device or, for OpenCL, the platform that drives it.</summary>
    public string? Vendor { get; init; }

    /// <summary>The interface's version and the driver's.</summary>
    public string? Driver { get; init; }

    /// <summary>
    /// The place on the PCI bus, as <c>lspci -D</c> writes it: domain, bus, device, function, e.g. <c>0000:3b:00.0</c>.
    /// </summary>
    public string? PciAddress { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Multiprocessors of a GPU, compute units of an OpenCL device, logical processors of the CPU.</summary>
    public int? ComputeUnits { get; init; }

    /// <summary>Work-items in the largest group.</summary>
    public int? LargestGroup { get; init; }

    /// <summary>Work-items that run in lockstep.</summary>
    public int? WarpSize { get; init; }

    /// <summary>Shared memory of a group, in bytes.</summary>
    public long? SharedMemoryBytesPerGroup { get; init; }

    /// <summary>Whether it is a graphics processor; <c>auto</c> takes one of these or the CPU.</summary>
    public bool IsGpu { get; init; }

    /// <summary>Whether its memory is the host's, as with graphics built into a processor.</summary>
    public bool SharesHostMemory { get; init; }

    /// <summary>Whether it lacks something that ILGPU insists on, and is used nevertheless because the user says so.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether it lacks something that ILGPU insists on, and would be used if the user said so.</summary>
    public bool TakesForce { get; init; }

    /// <summary>Why it cannot be used, to be read after its name; null where it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>The same, with what makes it usable nevertheless.</summary>
    internal Wording? RefusalAndRemedy => TakesForce
        ? (Wording)$"{Refusal} (with {DeviceSettings.ForceOpenCl} it is used nevertheless, at your own risk)"
        : Refusal;

    /// <summary>What to know before choosing it; null where there is nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether this stands for a driver that ended the process in which it was asked for devices, or hung.</summary>
    [JsonIgnore]
    public bool IsBroken { get; init; }

    /// <summary>The device as messages begin with it.</summary>
    internal string Description => $"device \"{Selector}\" ({Name})";

    /// <summary>Whether it can be used.</summary>
    [JsonIgnore]
    public bool IsUsable => Refusal is null;
}
