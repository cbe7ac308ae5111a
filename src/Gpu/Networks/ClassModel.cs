namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// A distribution with independent coordinates, from whose center a <see cref="DistanceLayer"/> measures the distance in units of
/// its spread, where its prototype is the center and its weights invert the spread.
/// </summary>
public enum ClassModel
{
    /// <summary>Center: the mean. Spread: the standard deviation.</summary>
    Gaussian,

    /// <summary>Center: the median. Spread: the mean absolute deviation from it.</summary>
    Laplace,
}
