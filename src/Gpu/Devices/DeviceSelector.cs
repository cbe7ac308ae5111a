using System.Globalization;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// What the user asks for: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, <c>cuda:N</c> or <c>opencl:N</c>.
/// Choosing among the devices found is a pure function of the list.
/// </summary>
/// <param name="Kind">The kind asked for; null for <c>auto</c>.</param>
/// <param name="Index">The index asked for; null for the best of its kind.</param>
internal sealed record DeviceSelector(DeviceKind? Kind, int? Index)
{
    /// <summary>The text in its normal form, equal to <see cref="DeviceInfo.Selector"/> where it names one device.</summary>
    public string Text => Kind is { } kind ? Index is { } index ? $"{NameOf(kind)}:{index}" : NameOf(kind) : "auto";

    /// <summary>The name of a kind in selectors.</summary>
    public static string NameOf(DeviceKind kind) => kind switch
    {
        DeviceKind.Cpu => "cpu",
        DeviceKind.Cuda => "cuda",
        _ => "opencl",
    };

    /// <summary>Reads a selector; upper and lower case are the same.</summary>
    /// <exception cref="InputException">The text is no selector.</exception>
    public static DeviceSelector Parse(string text) => Read(text) ?? throw Invalid(text);

    /// <summary>Whether a text is a selector.</summary>
    public static bool IsValid(string text) => Read(text) is not null;

    /// <summary>The line that says what a selector looks like.</summary>
    /// <param name="text">What is none.</param>
    /// <param name="others">Words that would do, too, where it stands.</param>
    public static InputException Invalid(string text, params string[] others) => new(
        $"device \"{text}\": expected {string.Join(", ", [.. others, "auto, cpu, cuda, opencl, cuda:N or opencl:N"])}; " +
        $"{DeviceSettings.Catalog} lists them");

    private static DeviceSelector? Read(string text)
    {
        string[] parts = text.Trim().ToLowerInvariant().Split(':');
        int? index = null;
        if (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            index = number;
        bool indexIsValid = parts.Length == 1 || index is not null;
        return (parts[0], indexIsValid, index) switch
        {
            ("auto", true, null) => new DeviceSelector(null, null),
            ("cpu", true, null) => new DeviceSelector(DeviceKind.Cpu, null),
            ("cuda", true, _) => new DeviceSelector(DeviceKind.Cuda, index),
            ("opencl", true, _) => new DeviceSelector(DeviceKind.OpenCL, index),
            _ => null,
        };
    }

    /// <summary>Chooses among the devices found.</summary>
    /// <param name="devices">All devices, usable or not, with the CPU among them.</param>
    /// <exception cref="InputException">There is no such device, or it cannot be used.</exception>
    public DeviceInfo Choose(IReadOnlyList<DeviceInfo> devices) =>
        Find(devices) ?? throw new InputException(
            $"device \"{Text}\": {Explain([.. Candidates(devices)])}; usable here: {UsableAmong(devices)}; " +
            $"{DeviceSettings.Catalog} lists them");

    /// <summary>The device that it takes; null where there is none that can be used.</summary>
    /// <param name="devices">As for <see cref="Choose"/>.</param>
    public DeviceInfo? Find(IReadOnlyList<DeviceInfo> devices) => Kind is null
        ? BestGpu(devices) ?? devices.First(device => device.Kind == DeviceKind.Cpu)
        : Best(Candidates(devices));

    private IEnumerable<DeviceInfo> Candidates(IEnumerable<DeviceInfo> devices) =>
        devices.Where(device => device.Kind == Kind && (Index is null || device.Selector == Text));

    private static DeviceInfo? BestGpu(IEnumerable<DeviceInfo> devices)
    {
        ILookup<DeviceKind, DeviceInfo> gpus = devices.Where(device => device.IsGpu).ToLookup(device => device.Kind);
        return Best(gpus[DeviceKind.Cuda]) ?? Best(gpus[DeviceKind.OpenCL]);
    }

    /// <summary>
    /// GPUs before others, what can be used without force before the rest, memory of its own before the host's (which looks large
    /// but is slow), then the size. The sort is stable: the first of equals stays first.
    /// </summary>
    private static DeviceInfo? Best(IEnumerable<DeviceInfo> devices) => devices
        .Where(device => device.IsUsable)
        .OrderByDescending(device => device.IsGpu)
        .ThenBy(device => device.IsForced)
        .ThenBy(device => device.SharesHostMemory)
        .ThenByDescending(device => device.MemoryBytes)
        .ThenByDescending(device => device.ComputeUnits)
        .FirstOrDefault();

    private static Wording Explain(DeviceInfo[] candidates) => candidates.Length == 0
        ? "there is no such device"
        : Wording.Join(", ", candidates.Select(device => (Wording)$"{device.Name} {device.RefusalAndRemedy}"));

    private static string UsableAmong(IEnumerable<DeviceInfo> devices) =>
        string.Join(", ", devices.Where(device => device.IsUsable).Select(device => device.Selector));
}
