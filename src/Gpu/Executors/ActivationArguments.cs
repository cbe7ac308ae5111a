namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// Checks the arguments of <see cref="IDeviceActivations"/> and <see cref="IDeviceRanks"/>, for all executors alike.
/// </summary>
internal static class ActivationArguments
{
    /// <summary>Checks those of <see cref="IDeviceActivations.Sum"/>.</summary>
    public static void CheckSum(float threshold, ReadOnlySpan<float> centers, int classes, int width)
    {
        if (!(threshold >= 0))
            throw new ArgumentException($"a threshold of {threshold}, expected a number that is not negative", nameof(threshold));
        if (!centers.IsEmpty && centers.Length != classes * width)
        {
            throw new ArgumentException(
                $"{centers.Length} centers for {classes} classes and {width} nodes, expected {classes * width}", nameof(centers));
        }
    }

    /// <summary>Checks those of <see cref="IDeviceActivations.Histogram"/>.</summary>
    public static void CheckHistogram(int node, int width, float lowest, float highest, int bins)
    {
        CheckNode(node, width);
        if (!(highest > lowest) || !float.IsFinite(highest - lowest))
        {
            throw new ArgumentException(
                $"a range from {lowest} to {highest}, expected a finite one that is not empty", nameof(highest));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
    }

    /// <summary>Checks those of <see cref="IDeviceActivations.CountCorrect"/>.</summary>
    public static void CheckClamps(ReadOnlySpan<Clamp> clamps, int width)
    {
        foreach (Clamp clamp in clamps)
        {
            if (clamp.Node != Clamp.AllNodes)
                CheckNode(clamp.Node, width);
        }
    }

    /// <summary>Checks that of <see cref="IDeviceRanks.SumProducts"/>, whose ranks must be of the same executor's kind.</summary>
    public static TRanks CheckRanks<TRanks>(IDeviceRanks other, TRanks ranks) where TRanks : DeviceResult, IDeviceRanks
    {
        ranks.CheckAlive();
        if (other is not TRanks same || same.Count != ranks.Count || same.Width != ranks.Width)
        {
            throw new ArgumentException(
                $"ranks of {other.Count} samples for {other.Width} nodes ({other.GetType().Name}), expected {ranks.Count} " +
                    $"for {ranks.Width} ({typeof(TRanks).Name})", nameof(other));
        }
        same.CheckAlive();
        return same;
    }

    /// <summary>Checks those of <see cref="IDeviceRanks.SamplesAt"/>.</summary>
    public static void CheckPlaces(int node, int first, int count, IDeviceRanks ranks)
    {
        CheckNode(node, ranks.Width);
        if (first < 0 || count < 0 || first > ranks.Count - count)
            throw new ArgumentException($"{count} places from place {first} on, of {ranks.Count} samples", nameof(first));
    }

    private static void CheckNode(int node, int width)
    {
        if (node < 0 || node >= width)
            throw new ArgumentException($"node {node} of a layer of {width} nodes", nameof(node));
    }
}
