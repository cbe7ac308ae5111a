using ILGPU;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The end of a batch, for all parameters at once: the gradient g as the sum of its slices, in their order, and the step of an
/// optimizer. One work-item for four parameters.
/// </summary>
/// <typeparam name="TRule">The optimizer's step.</typeparam>
internal static class StepKernels<TRule> where TRule : struct, IStepRule
{
    /// <summary>What the kernel is given.</summary>
    /// <param name="Parameters">[parameters / 4]</param>
    /// <param name="Gradients">[parameters / 4]</param>
    /// <param name="State">[values of state, parameters / 4]</param>
    /// <param name="Sums">The slices of all layers, one layer behind the other.</param>
    /// <param name="Ranges">Where they are.</param>
    /// <param name="Rule">The step.</param>
    /// <param name="LearningRate">η, without its factors.</param>
    public readonly record struct Arguments(
        ArrayView<Float4> Parameters, ArrayView<Float4> Gradients, ArrayView<Float4> State, ArrayView<Float4> Sums,
        ArrayView<SlicedRange> Ranges, TRule Rule, float LearningRate);

    /// <summary>The kernel.</summary>
    public static readonly Kernel<Arguments> Step = new(StepKernel)
    {
        Name = $"step-{TRule.Name}",
        Operation = $"g = Σ slices, {TRule.Formula}",
        Flop = $"S I + {TRule.Flop} I",
        Bytes = $"4 S I + {BytesPerParameter} I",
    };

    private static int BytesPerParameter => sizeof(float) * (3 + 2 * default(TRule).StateCount);

    private static void StepKernel(Arguments p)
    {
        int n = Grid.IdxX * Tiles.GroupSize + Group.IdxX, count = p.Parameters.IntLength;
        if (n >= count)
            return;
        SlicedRange range = SliceSums.RangeOf(p.Ranges, n);
        Float4 gradient = SliceSums.Sum(p.Sums, range, n);
        p.Gradients[n] = gradient;

        Float4 value = p.Parameters[n], first = default, second = default;
        if (p.Rule.StateCount > 0)
            first = p.State[n];
        if (p.Rule.StateCount > 1)
            second = p.State[n + count];
        float rate = p.LearningRate * range.Factor;
        p.Parameters[n] = p.Rule.Step<Float4Arithmetic, Float4>(
            Float4Arithmetic.Create(rate), value, gradient, ref first, ref second);
        if (p.Rule.StateCount > 0)
            p.State[n] = first;
        if (p.Rule.StateCount > 1)
            p.State[n + count] = second;
    }
}
