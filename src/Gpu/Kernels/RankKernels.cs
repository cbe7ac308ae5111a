using ILGPU;
using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Ranks of all samples for each node, by counting: for a sample with the activation a
/// <list type="bullet">
/// <item>below = #{a' &lt; a}, notAbove = #{a' ≤ a}, which counts the sample itself, and before = #{a' = a of an earlier
/// sample}</item>
/// <item>the doubled mid-rank is below + notAbove + 1, the mean of the ranks below + 1 … notAbove of equal ones, times 2</item>
/// <item>its place in the ascending order, where equal ones stand in the order of the samples, is below + before</item>
/// </list>
/// One work-item for a sample and a node; a group of 64 samples copies the node's column to shared memory, 64 values at a time.
/// </summary>
/// <remarks>
/// The samples' square in comparisons, which a GPU does faster than it would sort: 10 nodes of 60,000 samples are 36 · 10⁹
/// comparisons of two kinds. Nothing but the number of smaller values decides where a sample goes, so that no order of writing
/// matters.
/// </remarks>
internal static class RankKernels
{
    /// <summary>What the kernel is given.</summary>
    /// <param name="Activations">[Samples, Stride]</param>
    /// <param name="Ranks">The doubled mid-ranks: [Samples, Nodes].</param>
    /// <param name="Order">The samples in ascending order: [Nodes, Samples].</param>
    /// <param name="Samples">Number of samples.</param>
    /// <param name="Stride">Floats from one row of activations to the next.</param>
    /// <param name="Nodes">Number of nodes.</param>
    public readonly record struct Arguments(
        ArrayView<float> Activations, ArrayView<int> Ranks, ArrayView<int> Order, int Samples, int Stride, int Nodes);

    /// <summary>The kernel. Groups: 64 samples of a node, one node after the other.</summary>
    public static readonly Kernel<Arguments> Rank = new(RankKernel)
    {
        Name = "ranks",
        Operation = "#{a' < a} + #{a' ≤ a} + 1, and the samples in ascending order",
        Flop = "2 N N I",
        Bytes = "12 N I",
        SharedBytes = sizeof(float) * Tiles.GroupSize,
    };

    private static void RankKernel(Arguments p)
    {
        ArrayView<Float4> tile = SharedMemory.Allocate<Float4>(Tiles.GroupSize / 4);
        ArrayView<float> values = tile.Cast<float>();
        int sampleGroups = Tiles.Groups(p.Samples), node = Grid.IdxX / sampleGroups, thread = Group.IdxX;
        int firstOfGroup = (Grid.IdxX - node * sampleGroups) * Tiles.GroupSize;
        float a = Load(p, firstOfGroup + thread, node);
        int below = 0, notAbove = 0, before = 0;
        for (int first = 0; first < p.Samples; first += Tiles.GroupSize)
        {
            values[thread] = Load(p, first + thread, node);
            LocalBarrier.Wait();
            if (first == firstOfGroup)
            {
                before = notAbove - below;
                for (int n = 0; n < thread; n++)
                    before += values[n] == a ? 1 : 0;
            }
            for (int n = 0; n < Tiles.GroupSize / 4; n++)
            {
                Float4 others = tile[n];
                below += (others.X < a ? 1 : 0) + (others.Y < a ? 1 : 0) + (others.Z < a ? 1 : 0) + (others.W < a ? 1 : 0);
                notAbove += (others.X <= a ? 1 : 0) + (others.Y <= a ? 1 : 0) + (others.Z <= a ? 1 : 0) + (others.W <= a ? 1 : 0);
            }
            LocalBarrier.Wait();
        }
        int sample = firstOfGroup + thread;
        if (sample < p.Samples)
        {
            p.Ranks[(long)sample * p.Nodes + node] = below + notAbove + 1;
            p.Order[(long)node * p.Samples + below + before] = sample;
        }
    }

    /// <summary>An activation; behind the last sample NaN, which is neither below nor above anything.</summary>
    private static float Load(in Arguments p, int sample, int node) =>
        sample < p.Samples ? p.Activations[(long)sample * p.Stride + node] : float.NaN;
}
