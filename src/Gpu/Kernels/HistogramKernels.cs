using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Counts of one node's activations per class and bin, in slices of the samples: bin = ⌊(a − lowest) · scale⌋, where scale is
/// bins / (highest − lowest). One work-item for a class and a bin goes through the samples of its slice and counts its own,
/// so that no two write to one place.
/// </summary>
internal static class HistogramKernels
{
    /// <summary>What the kernel is given.</summary>
    /// <param name="Activations">The node's activations: every <paramref name="Stride"/>th value, from the first one on.</param>
    /// <param name="Labels">[samples]</param>
    /// <param name="Counts">[slices, Classes, Bins]</param>
    /// <param name="Lowest">Lower edge of the first bin.</param>
    /// <param name="Highest">Upper edge of the last bin, which is part of it.</param>
    /// <param name="Scale">Bins per unit.</param>
    /// <param name="SliceRows">Samples in a slice.</param>
    /// <param name="Stride">Floats from one sample to the next.</param>
    /// <param name="Classes">Number of classes.</param>
    /// <param name="Bins">Number of bins.</param>
    public readonly record struct Arguments(
        ArrayView<float> Activations, ArrayView<byte> Labels, ArrayView<int> Counts, float Lowest, float Highest, float Scale,
        int SliceRows,
        int Stride, int Classes, int Bins);

    /// <summary>The kernel. Groups: 64 pairs of a class and a bin; slices.</summary>
    public static readonly Kernel<Arguments> Histogram = new(HistogramKernel)
    {
        Name = "class-histogram",
        Operation = "per class and bin (I bins): #(⌊(a − lowest) scale⌋ = bin), in S slices of the samples",
        Flop = "2 N I",
        Bytes = "5 N + 4 S I O",
    };

    private static void HistogramKernel(Arguments p)
    {
        int index = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (index >= p.Classes * p.Bins)
            return;
        int label = index / p.Bins, own = index - label * p.Bins, count = 0;
        int end = IntrinsicMath.Min((Grid.IdxY + 1) * p.SliceRows, p.Labels.IntLength);
        for (int s = Grid.IdxY * p.SliceRows; s < end; s++)
        {
            if (p.Labels[s] != label)
                continue;
            float a = p.Activations[(long)s * p.Stride];
            if (a >= p.Lowest && a <= p.Highest)
                count += IntrinsicMath.Min((int)((a - p.Lowest) * p.Scale), p.Bins - 1) == own ? 1 : 0;
        }
        p.Counts[(long)Grid.IdxY * p.Classes * p.Bins + index] = count;
    }
}
