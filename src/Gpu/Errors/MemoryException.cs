namespace IlgpuDistance.Gpu.Errors;

/// <summary>
/// There is less memory than a network or data needs: the message says how much is needed, how much is free, and where it would
/// fit.
/// </summary>
public sealed class MemoryException : InputException
{
    /// <summary>Says that memory does not suffice.</summary>
    /// <param name="what">What needs it.</param>
    /// <param name="neededBytes">At least this much is needed.</param>
    /// <param name="freeBytes">This much is free.</param>
    /// <param name="remedy">What needs less.</param>
    /// <param name="cause">The failure that revealed it.</param>
    internal MemoryException(
        string what, long neededBytes, long freeBytes, MemoryRemedy remedy = MemoryRemedy.SmallerNetwork, Exception? cause = null)
        : base(
            $"{what}: at least {ByteCount.Text(neededBytes)} of memory are needed, and {ByteCount.Text(freeBytes)} are free; " +
            $"{Advice(remedy)}",
            cause)
    {
        NeededBytes = neededBytes;
        FreeBytes = freeBytes;
    }

    /// <summary>At least this much is needed.</summary>
    public long NeededBytes { get; }

    /// <summary>This much was free.</summary>
    public long FreeBytes { get; }

    /// <summary>What is told of a shortage of which nothing else is known.</summary>
    internal static Wording Unexplained() =>
        $"the memory does not suffice: this process uses {ByteCount.Text(Environment.WorkingSet)} of the " +
        $"{ByteCount.Text(HostMemory.LimitBytes)} that it may have; {Advice(MemoryRemedy.SmallerNetwork)}";

    private static Wording Advice(MemoryRemedy remedy)
    {
        if (remedy == MemoryRemedy.LessData)
            return "use fewer or smaller images, or a machine with more memory";
        // Apart from the other: a conditional expression of the two would be a string, without hints.
        return
            $"use smaller layers{Hint.With(DeviceSettings.Model)}, smaller batches{Hint.With(DeviceSettings.BatchSize)}, " +
            $"another device{Hint.With(DeviceSettings.Device)} or, on the CPU, fewer threads{Hint.With(DeviceSettings.Threads)}";
    }
}
