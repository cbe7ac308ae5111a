namespace IlgpuDistance.Gpu.Profiling;

/// <summary>
/// A kernel as it is listed. The formulas are in the letters N (samples), I (inputs of the layer, or values), O (its outputs,
/// or classes), S (slices of the samples) and V (bytes of one value of the layer's input: 1 or 4).
/// </summary>
internal sealed record KernelInfo
{
    /// <summary>Its name, in lower case with hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it computes.</summary>
    public required string Operation { get; init; }

    /// <summary>Formula for the additions and multiplications of a launch; a fused multiply-add is two.</summary>
    public required string Flop { get; init; }

    /// <summary>Formula for the bytes that a launch has to read and write once.</summary>
    public required string Bytes { get; init; }

    /// <summary>Work-items in a group.</summary>
    public required int GroupSize { get; init; }

    /// <summary>Shared memory of a group, in bytes.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Whether it is a tiled product, whose speed is that of its inner loop.</summary>
    public required bool IsProduct { get; init; }
}
