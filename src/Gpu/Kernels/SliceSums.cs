using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>The gradient of all parameters as the sum of its slices, in their order. One work-item for four parameters.</summary>
internal static class SliceSums
{
    // Loads that are under way at the same time.
    private const int Unroll = 8;

    /// <summary>What the kernel without a step is given; see <see cref="StepKernels{TRule}.Arguments"/>.</summary>
    public readonly record struct Arguments(ArrayView<Float4> Gradients, ArrayView<Float4> Sums, ArrayView<SlicedRange> Ranges);

    /// <summary>The kernel that leaves the parameters as they are.</summary>
    public static readonly Kernel<Arguments> Kernel = new(SumKernel)
    {
        Name = "sum-slices",
        Operation = "g = Σ slices",
        Flop = "S I",
        Bytes = "4 S I + 4 I",
    };

    private static void SumKernel(Arguments p)
    {
        int n = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (n < p.Gradients.IntLength)
            p.Gradients[n] = Sum(p.Sums, RangeOf(p.Ranges, n), n);
    }

    /// <summary>The range in which four parameters lie.</summary>
    public static SlicedRange RangeOf(ArrayView<SlicedRange> ranges, int n)
    {
        int last = ranges.IntLength - 1, index = 0;
        while (index < last && n >= ranges[index + 1].First4)
            index++;
        return ranges[index];
    }

    /// <summary>The gradient of four parameters.</summary>
    public static Float4 Sum(ArrayView<Float4> sums, SlicedRange range, int n)
    {
        long at = range.Base4 + n - range.First4;
        Float4 gradient = default;
        int slice = 0;
        for (; slice + Unroll <= range.Count; slice += Unroll, at += (long)Unroll * range.Stride4)
        {
            long stride = range.Stride4;
            Float4 s0 = sums[at], s1 = sums[at + stride], s2 = sums[at + 2 * stride], s3 = sums[at + 3 * stride];
            Float4 s4 = sums[at + 4 * stride], s5 = sums[at + 5 * stride], s6 = sums[at + 6 * stride], s7 = sums[at + 7 * stride];
            gradient += s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
        }
        for (; slice < range.Count; slice++, at += range.Stride4)
            gradient += sums[at];
        return gradient;
    }
}

/// <summary>Where the slices of parameters are: those of a layer, or of some of its tensors.</summary>
/// <param name="Base4">Where they begin in the layer's first slice, in groups of four floats.</param>
/// <param name="First4">Where they begin in the parameters' layout, in groups of four floats.</param>
/// <param name="Stride4">Groups of four floats from one slice to the next.</param>
/// <param name="Count">Number of slices.</param>
/// <param name="Factor">The factor of their learning rate.</param>
internal readonly record struct SlicedRange(long Base4, int First4, int Stride4, int Count, float Factor);
