using System.Globalization;

namespace IlgpuDistance.Gpu.Errors;

/// <summary>Amounts of memory in words.</summary>
internal static class ByteCount
{
    private const long Mebi = 1 << 20, Gibi = 1 << 30;

    /// <summary>E.g. <c>1.5 GiB</c>, <c>20.3 MiB</c> or <c>12,000 bytes</c>.</summary>
    public static string Text(long bytes) =>
        bytes >= Gibi ? string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / Gibi:N1} GiB")
        : bytes >= Mebi ? string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / Mebi:N1} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes");
}
