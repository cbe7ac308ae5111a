namespace IlgpuDistance.Gpu.Kernels;

/// <summary>All kernels of the project.</summary>
internal static class KernelCatalogue
{
    /// <summary>The kernels in the order in which an epoch needs them, then those of analyses; names are unique.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        .. LinearKernels.All,
        .. PrototypeKernels<PaperDistance>.All,
        .. PrototypeKernels<ReferenceDistance>.All,
        .. PrototypeKernels<PointSlopeKind>.All,
        SoftmaxCrossEntropyKernels.Loss,
        StepKernels.Step,
        StepKernels.Sum,
        ClampKernels.Clamp,
        NodeClampKernels.CountCorrect,
        ActivationSumKernels.Sum,
        HistogramKernels.Histogram,
        RankKernels.Rank,
        RankSumKernels.SumByClass,
        RankSumKernels.SumProducts,
    ];
}
