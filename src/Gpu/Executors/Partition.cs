namespace IlgpuDistance.Gpu.Executors;

/// <summary>Division of a range into parts of nearly equal size.</summary>
internal static class Partition
{
    /// <summary>Bounds of one of <paramref name="parts"/> consecutive parts of 0..count.</summary>
    public static (int First, int End) Of(int count, int part, int parts) =>
        ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));
}
