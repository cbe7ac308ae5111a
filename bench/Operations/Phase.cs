namespace IlgpuDistance.Bench.Operations;

/// <summary>A kind of work inside an epoch, summed over all blocks.</summary>
internal sealed class Phase(string name)
{
    public string Name { get; } = name;

    public double Seconds { get; set; }

    /// <summary>Samples treated; 0 where the work does not depend on them.</summary>
    public long Samples { get; set; }

    /// <summary>Floating-point operations needed; 0 where they are not counted.</summary>
    public double Flops { get; set; }
}
