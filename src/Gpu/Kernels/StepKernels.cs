using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The end of a batch, for all parameters at once: the gradient g as the sum of its slices, in their order, and the step of
/// plain SGD, p ← p − learningRate · g. One work-item for four parameters.
/// </summary>
internal static class StepKernels
{
    /// <summary>What the kernel is given.</summary>
    /// <param name="Parameters">[parameters / 4]</param>
    /// <param name="Gradients">[parameters / 4]</param>
    /// <param name="Slices">[slices, parameters / 4]</param>
    /// <param name="Count">Number of slices.</param>
    /// <param name="LearningRate">Learning rate; 0 leaves the parameters as they are.</param>
    public readonly record struct Arguments(
        ArrayView<Float4> Parameters, ArrayView<Float4> Gradients, ArrayView<Float4> Slices, int Count, float LearningRate);

    /// <summary>The kernel.</summary>
    public static readonly Kernel<Arguments> Step = new(StepKernel)
    {
        Name = "step",
        Operation = "g = Σ slices, p ← p − η g",
        Flop = new("(S + 1) I", w => (w.S + 1.0) * w.I),
        Bytes = new("4 (S + 3) I", w => 4.0 * (w.S + 3) * w.I),
    };

    private static void StepKernel(Arguments p)
    {
        int count4 = p.Parameters.IntLength, n = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (n >= count4)
            return;
        Float4 gradient = p.Slices[n];
        for (int slice = 1; slice < p.Count; slice++)
            gradient += p.Slices[(long)slice * count4 + n];
        p.Gradients[n] = gradient;
        if (p.LearningRate != 0)
            p.Parameters[n] -= p.LearningRate * gradient;
    }
}
