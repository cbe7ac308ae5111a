using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CommandLine;
using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Cli.Verbs;

[Verb("devices", HelpText = "List the devices that can compute, and why others cannot.")]
internal sealed class DevicesVerb : Verb
{
    private static readonly JsonSerializerOptions JsonStyle =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Option("json", HelpText = "Print the list as JSON.")]
    public bool Json { get; set; }

    [Option("force-opencl", HelpText = ComputeVerb.ForceOpenClHelp)]
    public bool ForceOpenCl { get; set; }

    public override int Run()
    {
        IReadOnlyList<DeviceInfo> devices = DeviceCatalog.List(ForceOpenCl);
        string automatic = DeviceCatalog.Choose("auto", devices).Selector;
        if (Json)
            Terminal.PrintData(ToJson(devices, automatic));
        else
            Print(devices, automatic);
        return 0;
    }

    private static void Print(IReadOnlyList<DeviceInfo> devices, string automatic)
    {
        TextTable table = new TextTable(padding: 0).AddWords("Device").AddWords("Name", wraps: true)
            .AddNumbers("Memory", "Units", "Group", "Warp", "Shared").AddWords("Use");
        foreach (DeviceInfo device in devices)
        {
            table.AddRow(
                device.Selector,
                NameOf(device),
                Size(device.MemoryBytes, 30, "GiB"),
                Number(device.ComputeUnits),
                Number(device.LargestGroup),
                Number(device.WarpSize),
                Size(device.SharedMemoryBytesPerGroup, 10, "KiB"),
                !device.IsUsable ? "no" : device.Selector == automatic ? "auto" : device.IsForced ? "forced" : "yes");
        }
        Terminal.Print(table);

        foreach (DeviceInfo device in devices)
        {
            if (device.RefusalAndRemedy is { } refusal)
                Terminal.Print($"{device.Selector} cannot be used: {device.Name} {Terminal.InWords(refusal)}.");
            if (device.Remark is not null)
                Terminal.Print($"{device.Selector}: {device.Name} {device.Remark}.");
        }
        Terminal.Print($"""
            "auto" takes {automatic}.
            Units: multiprocessors. Group: work-items in the largest group.
            Warp: work-items in lockstep. Shared: shared memory of a group.
            """);
    }

    private static string NameOf(DeviceInfo device)
    {
        string? place = device.PciAddress is { } address ? $"PCI {address}" : null;
        return string.Join('\n', new[] { device.Name, device.Driver, place }.OfType<string>());
    }

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Size(long? bytes, int shift, string unit) =>
        bytes is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value / (double)(1L << shift):0.#} {unit}") : "";

    /// <summary>The names of the fields are promised to programs that read them.</summary>
    private static string ToJson(IReadOnlyList<DeviceInfo> devices, string automatic) => JsonSerializer.Serialize(new
    {
        auto = automatic,
        devices = devices.Select(device => new
        {
            selector = device.Selector,
            kind = device.Kind.ToString().ToLowerInvariant(),
            name = device.Name,
            vendor = device.Vendor,
            driver = device.Driver,
            pciAddress = device.PciAddress,
            memoryBytes = device.MemoryBytes,
            computeUnits = device.ComputeUnits,
            largestGroup = device.LargestGroup,
            warpSize = device.WarpSize,
            sharedMemoryBytesPerGroup = device.SharedMemoryBytesPerGroup,
            isGpu = device.IsGpu,
            sharesHostMemory = device.SharesHostMemory,
            isForced = device.IsForced,
            isUsable = device.IsUsable,
            refusal = device.RefusalAndRemedy is { } refusal ? Terminal.InWords(refusal) : null,
            remark = device.Remark,
        }),
    }, JsonStyle);
}
