namespace IlgpuDistance.Gpu.Errors;

/// <summary>What helps where memory does not suffice.</summary>
internal enum MemoryRemedy
{
    /// <summary>A smaller network, smaller batches, fewer threads, or another device.</summary>
    SmallerNetwork,

    /// <summary>Less data.</summary>
    LessData,
}
