using System.Runtime.CompilerServices;

namespace IlgpuDistance.Gpu.Errors;

/// <summary>
/// Memory of the machine, asked for before it is taken. Linux hands out more than there is and ends the process when it is used:
/// whatever is large is compared with what the machine, the container or the runtime's limit leaves.
/// </summary>
internal static class HostMemory
{
    /// <summary>
    /// So much is always taken for free, and left to the system: the working set has pages that others share, and a limit of
    /// the runtime's heap is none for other memory.
    /// </summary>
    private const long Slack = 64 << 20;

    /// <summary>What this process may have in all.</summary>
    public static long LimitBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What may be asked for, whatever other processes take.</summary>
    public static long FreeBytes => Math.Max(Slack, LeftBytes);

    /// <summary>What is left, as far as that is known, after the system has refused a request.</summary>
    internal static long LeftBytes => Math.Max(0, LimitBytes - Environment.WorkingSet);

    /// <summary>An array, which is not zeroed.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="what">What it is for, for the message.</param>
    /// <param name="remedy">What needs less.</param>
    /// <exception cref="MemoryException">It does not fit.</exception>
    public static T[] Allocate<T>(long length, string what, MemoryRemedy remedy = MemoryRemedy.SmallerNetwork) where T : unmanaged
    {
        long bytes = BytesOf<T>((UInt128)length);
        Require(bytes, what, remedy);
        try
        {
            return GC.AllocateUninitializedArray<T>(checked((int)length));
        }
        catch (Exception error) when (error is OutOfMemoryException or OverflowException)
        {
            throw new MemoryException(what, bytes, LeftBytes, remedy, error);
        }
    }

    /// <summary>Whether a failure, or what caused it, is that memory did not suffice, on the machine or on a device.</summary>
    public static bool IsShortage(Exception failure) =>
        failure is OutOfMemoryException || DriverErrors.IsOutOfMemory(failure) ||
        failure.InnerException is { } cause && IsShortage(cause);

    /// <summary>The size of some values, or the largest number where that is larger.</summary>
    internal static long BytesOf<T>(UInt128 length) where T : unmanaged =>
        (long)UInt128.Min(length * (UInt128)Unsafe.SizeOf<T>(), long.MaxValue);

    /// <exception cref="MemoryException">So much is not free.</exception>
    internal static void Require(long bytes, string what, MemoryRemedy remedy = MemoryRemedy.SmallerNetwork)
    {
        if (bytes <= Slack || bytes <= FreeBytes)
            return;
        // What nobody uses any more counts as used until then.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        if (FreeBytes is var free && bytes > free)
            throw new MemoryException(what, bytes, free, remedy);
    }
}
