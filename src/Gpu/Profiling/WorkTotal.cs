namespace IlgpuDistance.Gpu.Profiling;

/// <summary>All work of one name.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Calls">How often.</param>
/// <param name="Seconds">
/// Time in all; where several threads work side by side, their mean, so that totals add up to wall time.
/// </param>
/// <param name="Flop">Additions and multiplications in all.</param>
/// <param name="Bytes">Bytes read and written in all.</param>
public sealed record WorkTotal(string Name, int Calls, double Seconds, double Flop, double Bytes)
{
    /// <summary>Additions and multiplications per second.</summary>
    public double FlopPerSecond => Flop / Seconds;

    /// <summary>Bytes read and written per second.</summary>
    public double BytesPerSecond => Bytes / Seconds;

    /// <summary>Arithmetic intensity: FLOP per byte; null where no bytes are counted.</summary>
    public double? Intensity => Bytes > 0 ? Flop / Bytes : null;
}
