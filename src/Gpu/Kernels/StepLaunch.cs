using ILGPU;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>The launch of an optimizer's step.</summary>
/// <param name="queue">Where it is launched.</param>
/// <param name="parameters">All parameters.</param>
/// <param name="gradients">Receives their gradients.</param>
/// <param name="state">The optimizer's state.</param>
/// <param name="workspace">Has the slices.</param>
/// <param name="rate">Learning rate.</param>
internal readonly struct StepLaunch(
    KernelQueue queue, ArrayView<Float4> parameters, ArrayView<Float4> gradients, ArrayView<Float4> state, Workspace workspace,
    float rate)
    : IStepTaker
{
    /// <summary>The kernels of all optimizers.</summary>
    public static IEnumerable<Kernel> Kernels => Optimizer.All.Select(syntax => KernelOf(syntax.Default));

    /// <summary>The kernel of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="queue">Where it is compiled; null for nowhere.</param>
    public static Kernel KernelOf(Optimizer optimizer, KernelQueue? queue = null)
    {
        var finder = new Finder(queue);
        optimizer.Step(1, ref finder);
        return finder.Kernel!;
    }

    public void Take<TRule>(TRule rule) where TRule : struct, IStepRule => queue.Launch(
        StepKernels<TRule>.Step, Tiles.Groups(parameters.IntLength), slices: 1,
        new(parameters, gradients, state, workspace.Sums, workspace.Ranges, rule, rate),
        new WorkShape(0, 4 * parameters.Length, 0, workspace.MeanSlices));

    /// <summary>Takes no step, but the kernel, and compiles it where there is a queue.</summary>
    private struct Finder(KernelQueue? queue) : IStepTaker
    {
        public Kernel? Kernel { get; private set; }

        public void Take<TRule>(TRule rule) where TRule : struct, IStepRule
        {
            Kernel = StepKernels<TRule>.Step;
            _ = queue?.Load(StepKernels<TRule>.Step);
        }
    }
}
