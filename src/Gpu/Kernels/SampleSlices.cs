namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Division of a sum over samples among groups of work-items: into enough slices to occupy the device, and small enough ones
/// for the rounding error.
/// </summary>
/// <param name="Rows">Samples in a slice; the last one holds what is left.</param>
/// <param name="Count">Number of slices.</param>
internal readonly record struct SampleSlices(int Rows, int Count)
{
    /// <summary>Groups that are wanted for a sum over samples: enough to fill a large GPU.</summary>
    private const int WantedGroups = 1024;

    /// <summary>
    /// Terms that a work-item adds one after the other, at most, where memory allows: bounds the rounding error.
    /// </summary>
    private const int LargestSlice = 2048;

    /// <summary>Terms below which a further slice costs more than it gains.</summary>
    private const int SmallestSlice = 256;

    /// <summary>Divides samples.</summary>
    /// <param name="rows">Number of samples.</param>
    /// <param name="groups">Groups that work side by side on one slice.</param>
    public static SampleSlices Of(int rows, int groups)
    {
        int sliceRows = Divide(rows, WantedCount(rows, groups));
        return new SampleSlices(sliceRows, Divide(rows, sliceRows));
    }

    /// <summary>The number of slices, if there were memory for any number.</summary>
    /// <inheritdoc cref="Of"/>
    public static int WantedCount(int rows, int groups) =>
        Math.Max(Math.Min(Divide(WantedGroups, groups), Divide(rows, SmallestSlice)), Divide(rows, LargestSlice));

    /// <summary>A quotient rounded up.</summary>
    public static int Divide(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
