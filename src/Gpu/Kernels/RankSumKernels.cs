using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Exact sums of doubled ranks r for each node, in slices of the samples, in 64-bit whole numbers: Σ r over the samples of
/// each class, and Σ r r' with the ranks r' of the same node in another layer. One work-item for a sum, 64 neighbouring nodes
/// in a group.
/// </summary>
internal static class RankSumKernels
{
    /// <summary>What the kernel for the sums by class is given.</summary>
    /// <param name="Ranks">r: [samples, Nodes]</param>
    /// <param name="Labels">[samples]</param>
    /// <param name="Sums">[slices, Classes, Nodes]</param>
    /// <param name="SliceRows">Samples in a slice.</param>
    /// <param name="Classes">Number of classes.</param>
    /// <param name="Nodes">Number of nodes.</param>
    public readonly record struct ByClassArguments(
        ArrayView<int> Ranks, ArrayView<byte> Labels, ArrayView<long> Sums, int SliceRows, int Classes, int Nodes);

    /// <summary>The kernel for the sums by class. Groups: 64 nodes of a class; slices.</summary>
    public static readonly Kernel<ByClassArguments> SumByClass = new(SumByClassKernel)
    {
        Name = "rank-sums",
        Operation = "per class and node: Σ r, in S slices of the samples",
        Flop = "N I",
        Bytes = "4 N I + N + 8 S I O",
    };

    private static void SumByClassKernel(ByClassArguments p)
    {
        int nodeGroups = Tiles.Groups(p.Nodes), label = Grid.IdxX / nodeGroups;
        int node = (Grid.IdxX - label * nodeGroups) * Tiles.GroupSize + Group.IdxX;
        if (node >= p.Nodes)
            return;
        long sum = 0;
        int end = IntrinsicMath.Min((Grid.IdxY + 1) * p.SliceRows, p.Labels.IntLength);
        for (int s = Grid.IdxY * p.SliceRows; s < end; s++)
        {
            if (p.Labels[s] == label)
                sum += p.Ranks[(long)s * p.Nodes + node];
        }
        p.Sums[((long)Grid.IdxY * p.Classes + label) * p.Nodes + node] = sum;
    }

    /// <summary>What the kernel for the sums of products is given.</summary>
    /// <param name="Ranks">r: [Samples, Nodes]</param>
    /// <param name="Others">r': [Samples, Nodes]</param>
    /// <param name="Sums">[slices, Nodes]</param>
    /// <param name="Samples">Number of samples.</param>
    /// <param name="SliceRows">Samples in a slice.</param>
    /// <param name="Nodes">Number of nodes.</param>
    public readonly record struct ProductArguments(
        ArrayView<int> Ranks, ArrayView<int> Others, ArrayView<long> Sums, int Samples, int SliceRows, int Nodes);

    /// <summary>The kernel for the sums of products. Groups: 64 nodes; slices.</summary>
    public static readonly Kernel<ProductArguments> SumProducts = new(SumProductsKernel)
    {
        Name = "rank-products",
        Operation = "per node: Σ r r', in S slices of the samples",
        Flop = "2 N I",
        Bytes = "8 N I + 8 S I",
    };

    private static void SumProductsKernel(ProductArguments p)
    {
        int node = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (node >= p.Nodes)
            return;
        long sum = 0;
        int end = IntrinsicMath.Min((Grid.IdxY + 1) * p.SliceRows, p.Samples);
        for (int s = Grid.IdxY * p.SliceRows; s < end; s++)
        {
            long at = (long)s * p.Nodes + node;
            sum += (long)p.Ranks[at] * p.Others[at];
        }
        p.Sums[(long)Grid.IdxY * p.Nodes + node] = sum;
    }
}
