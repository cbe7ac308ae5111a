using System.Globalization;
using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Cli.Verification;

/// <summary>
/// Which share of a device's arithmetic the machine code of products allows, known without running it: from kernels.md's tables,
/// which is a part of the program, of what the compiler of the device's vendor makes of the innermost loops.
/// </summary>
internal sealed class ExpectedShares
{
    private const string Document = "kernels.md";

    private readonly Dictionary<string, double> _shares;

    private ExpectedShares(Dictionary<string, double> shares) => _shares = shares;

    /// <summary>Those of a device's family.</summary>
    /// <returns>Null for devices of other makers than have tables, and for processors.</returns>
    public static ExpectedShares? For(DeviceInfo device)
    {
        string maker = $"{device.Vendor} {device.Name}";
        bool Is(string name) => maker.Contains(name, StringComparison.OrdinalIgnoreCase);
        string? script = device switch
        {
            { Kind: DeviceKind.Cuda } => "check-ptx",
            { IsGpu: false } => null,
            _ when Is("NVIDIA") => "check-ptx",
            _ when Is("Advanced Micro Devices") || Is("AMD") => "check-amd",
            _ when Is("Intel") => "check-intel",
            _ => null,
        };
        return script is null ? null : new ExpectedShares(Read(script));
    }

    /// <summary>
    /// The share for a kernel, between 0 and 1: where each instruction of its innermost loop takes as long as a fused
    /// multiply-add, which is two operations where others are one. Of the devices in the table it is the least.
    /// </summary>
    /// <returns>Null for what is no product.</returns>
    public double? Of(string kernel) => _shares.TryGetValue(kernel, out double share) ? share : null;

    /// <summary>The rows between a script's marks: the kernel first, last the shares of FMA and float32 in percent.</summary>
    private static Dictionary<string, double> Read(string script)
    {
        using var reader = new StreamReader(typeof(ExpectedShares).Assembly.GetManifestResourceStream(Document)!);
        string text = reader.ReadToEnd();
        string table = text.Split($"<!-- {script}: ")[1];
        return table.Split('\n').Where(line => line.EndsWith(" % |", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(cells => cells[0], cells => (Percent(cells[^2]) + Percent(cells[^1])) / 200);
    }

    private static double Percent(string cell) => double.Parse(cell.TrimEnd('%', ' '), CultureInfo.InvariantCulture);
}
