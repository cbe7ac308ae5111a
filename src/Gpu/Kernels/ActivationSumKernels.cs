using ILGPU;
using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Sums over the samples of each class for each node, about centers c, in slices of the samples: how often |a| is above a
/// threshold, min a, max a, Σ (a − c), Σ (a − c)². One work-item for a node and a class, 64 neighbouring nodes in a group,
/// which reads only the rows of its class.
/// </summary>
internal static class ActivationSumKernels
{
    /// <summary>What the kernel is given.</summary>
    /// <param name="Activations">a: [samples, Stride]</param>
    /// <param name="Labels">[samples]</param>
    /// <param name="Centers">c: [classes, Nodes], or empty for 0.</param>
    /// <param name="Sums">[slices, Classes, Nodes]</param>
    /// <param name="Threshold">A sample with |a| above it counts as active.</param>
    /// <param name="SliceRows">Samples in a slice.</param>
    /// <param name="Stride">Floats from one row of activations to the next.</param>
    /// <param name="Classes">Number of classes.</param>
    /// <param name="Nodes">Number of nodes.</param>
    public readonly record struct Arguments(
        ArrayView<float> Activations, ArrayView<byte> Labels, ArrayView<float> Centers, ArrayView<PartialSums> Sums,
        float Threshold,
        int SliceRows, int Stride, int Classes, int Nodes);

    /// <summary>The kernel. Groups: 64 nodes of a class; slices.</summary>
    public static readonly Kernel<Arguments> Sum = new(SumKernel)
    {
        Name = "activation-sums",
        Operation = "per class and node: #(|a| > t), min a, max a, Σ (a − c), Σ (a − c)², in S slices of the samples",
        Flop = "4 N I",
        Bytes = "4 N I + N + 20 S I O",
    };

    private static void SumKernel(Arguments p)
    {
        int nodeGroups = Tiles.Groups(p.Nodes), label = Grid.IdxX / nodeGroups;
        int node = (Grid.IdxX - label * nodeGroups) * Tiles.GroupSize + Group.IdxX;
        if (node >= p.Nodes)
            return;
        int index = label * p.Nodes + node;
        float center = p.Centers.Length > 0 ? p.Centers[index] : 0;
        int active = 0;
        float smallest = float.PositiveInfinity, largest = float.NegativeInfinity, sum = 0, squareSum = 0;
        int end = IntrinsicMath.Min((Grid.IdxY + 1) * p.SliceRows, p.Labels.IntLength);
        for (int s = Grid.IdxY * p.SliceRows; s < end; s++)
        {
            if (p.Labels[s] != label)
                continue;
            float a = p.Activations[(long)s * p.Stride + node], d = a - center;
            active += a > p.Threshold || -a > p.Threshold ? 1 : 0;
            smallest = a < smallest ? a : smallest;
            largest = a > largest ? a : largest;
            sum += d;
            squareSum = DeviceMath.MultiplyAdd(d, d, squareSum);
        }
        p.Sums[(long)Grid.IdxY * p.Classes * p.Nodes + index] = new PartialSums(active, smallest, largest, sum, squareSum);
    }
}

/// <summary>Sums over some of the samples of a class for one node.</summary>
/// <param name="active">Samples whose |a| is above the threshold.</param>
/// <param name="smallest">min a; ∞ for no sample.</param>
/// <param name="largest">max a; −∞ for no sample.</param>
/// <param name="sum">Σ (a − c)</param>
/// <param name="squareSum">Σ (a − c)²</param>
internal struct PartialSums(int active, float smallest, float largest, float sum, float squareSum)
{
    public int Active = active;

    public float Smallest = smallest, Largest = largest, Sum = sum, SquareSum = squareSum;
}
