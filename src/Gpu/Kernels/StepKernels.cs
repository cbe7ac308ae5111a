using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The end of a batch, for all parameters at once: the gradient g as the sum of its slices, in their order, and the step of
/// plain SGD, p ← p − learningRate · g. One work-item for four parameters.
/// </summary>
internal static class StepKernels
{
    // Loads that are under way at the same time.
    private const int Unroll = 8;

    /// <summary>What the kernel is given.</summary>
    /// <param name="Parameters">[parameters / 4]</param>
    /// <param name="Gradients">[parameters / 4]</param>
    /// <param name="Sums">The slices of all layers, one layer behind the other.</param>
    /// <param name="Layers">Where they are.</param>
    /// <param name="LearningRate">η</param>
    public readonly record struct Arguments(
        ArrayView<Float4> Parameters, ArrayView<Float4> Gradients, ArrayView<Float4> Sums, ArrayView<SlicedLayer> Layers, float LearningRate);

    /// <summary>The kernel.</summary>
    public static readonly Kernel<Arguments> Step = new(StepKernel)
    {
        Name = "step",
        Operation = "g = Σ slices, p ← p − η g",
        Flop = "S I + I",
        Bytes = "4 S I + 12 I",
    };

    /// <summary>What the kernel without a step is given; see <see cref="Arguments"/>.</summary>
    public readonly record struct SumArguments(ArrayView<Float4> Gradients, ArrayView<Float4> Sums, ArrayView<SlicedLayer> Layers);

    /// <summary>The kernel that leaves the parameters as they are.</summary>
    public static readonly Kernel<SumArguments> Sum = new(SumKernel)
    {
        Name = "sum-slices",
        Operation = "g = Σ slices",
        Flop = "S I",
        Bytes = "4 S I + 4 I",
    };

    private static void StepKernel(Arguments p)
    {
        int n = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (n >= p.Parameters.IntLength)
            return;
        Float4 gradient = SumSlices(p.Sums, p.Layers, n);
        p.Gradients[n] = gradient;
        p.Parameters[n] -= p.LearningRate * gradient;
    }

    private static void SumKernel(SumArguments p)
    {
        int n = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (n < p.Gradients.IntLength)
            p.Gradients[n] = SumSlices(p.Sums, p.Layers, n);
    }

    private static Float4 SumSlices(ArrayView<Float4> sums, ArrayView<SlicedLayer> layers, int n)
    {
        int last = layers.IntLength - 1, index = 0;
        while (index < last && n >= layers[index + 1].First4)
            index++;
        SlicedLayer layer = layers[index];
        long at = layer.Base4 + n - layer.First4;
        Float4 gradient = default;
        int slice = 0;
        for (; slice + Unroll <= layer.Count; slice += Unroll, at += (long)Unroll * layer.Stride4)
        {
            long stride = layer.Stride4;
            Float4 s0 = sums[at], s1 = sums[at + stride], s2 = sums[at + 2 * stride], s3 = sums[at + 3 * stride];
            Float4 s4 = sums[at + 4 * stride], s5 = sums[at + 5 * stride], s6 = sums[at + 6 * stride], s7 = sums[at + 7 * stride];
            gradient += s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
        }
        for (; slice < layer.Count; slice++, at += layer.Stride4)
            gradient += sums[at];
        return gradient;
    }
}

/// <summary>Where the slices of one layer are.</summary>
/// <param name="Base4">Where its first slice begins, in groups of four floats.</param>
/// <param name="First4">Where its parameters begin in the parameters' layout, in groups of four floats.</param>
/// <param name="Stride4">Groups of four floats from one slice to the next.</param>
/// <param name="Count">Number of slices.</param>
internal readonly record struct SlicedLayer(long Base4, int First4, int Stride4, long Count);
