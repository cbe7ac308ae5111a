namespace IlgpuDistance.Gpu.Errors;

/// <summary>What messages about devices name.</summary>
internal static class DeviceSettings
{
    /// <summary>The device.</summary>
    public static Setting Device { get; } = new("device");

    /// <summary>The worker threads of the CPU.</summary>
    public static Setting Threads { get; } = new("threads");

    /// <summary>What the device is to run.</summary>
    public static Setting Model { get; } = new("model");

    /// <summary>The samples of a step.</summary>
    public static Setting BatchSize { get; } = new("batch size");

    /// <summary>The executor.</summary>
    public static Setting Executor { get; } = new("executor");

    /// <summary>Whether an OpenCL device is used that lacks what ILGPU insists on.</summary>
    public static Setting ForceOpenCl { get; } = new("force");

    /// <summary>What the device can compute, where that is not measured.</summary>
    public static Setting PeakFlop { get; } = new("peak of arithmetic");

    /// <summary>What the device can read and write, where that is not measured.</summary>
    public static Setting PeakBytes { get; } = new("peak of bytes");

    /// <summary>The list of devices.</summary>
    public static Setting Catalog { get; } = new("DeviceCatalog.List");
}
