using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>All kernels of the project.</summary>
internal static class KernelCatalogue
{
    /// <summary>The kernels in the order in which an epoch needs them, then those of analyses; names are unique.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        .. LayerKinds.Examples.SelectMany(layer => layer.Accept(new KernelsOfKind())).DistinctBy(kernel => kernel.Name),
        SoftmaxCrossEntropyKernels.Loss,
        .. StepLaunch.Kernels,
        SliceSums.Kernel,
        ClampKernels.Clamp,
        .. LayerKinds.Examples.Where(layer => layer.HasParameters)
            .Select(layer => layer.Accept(new InputSumOf<Kernel?>(new NodeClampKernel(hasNegativeWeights: false)))!)
            .DistinctBy(kernel => kernel.Name),
        ActivationSumKernels.Sum,
        HistogramKernels.Histogram,
        RankKernels.Rank,
        RankSumKernels.SumByClass,
        RankSumKernels.SumProducts,
    ];
}
