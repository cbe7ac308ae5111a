using ILGPU;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// A layer's outputs from what the last layer with parameters stored, with an intervention:
/// a = min(max(f(z), lowest), highest) for all nodes or for one, a = f(z) for the others. One work-item for four values.
/// </summary>
internal static class ClampKernels
{
    /// <summary>What the kernel is given.</summary>
    /// <param name="Stored">z: [rows, Stride4]</param>
    /// <param name="Outputs">a: [rows, Stride4]; the columns behind the nodes are padding and become zero.</param>
    /// <param name="Activation">f</param>
    /// <param name="Clamp">The limits, and which nodes they are for.</param>
    /// <param name="Stride4">Groups of four floats from one row to the next.</param>
    /// <param name="Nodes">Number of nodes.</param>
    public readonly record struct Arguments(
        ArrayView<Float4> Stored, ArrayView<Float4> Outputs, Activation Activation, Clamp Clamp, int Stride4, int Nodes);

    /// <summary>The kernel.</summary>
    public static readonly Kernel<Arguments> Clamp = new(ClampKernel)
    {
        Name = "clamp",
        Operation = "a = min(max(f(z), lowest), highest)",
        Flop = "3 N O",
        Bytes = "8 N O",
    };

    /// <summary>Launches it for some rows.</summary>
    /// <param name="queue">Where.</param>
    /// <param name="stored">z: [rows, stride]</param>
    /// <param name="outputs">a: [rows, stride]</param>
    /// <param name="activation">f</param>
    /// <param name="clamp">The intervention.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="nodes">Number of nodes.</param>
    public static void Launch(
        KernelQueue queue, ArrayView<float> stored, ArrayView<float> outputs, Activation activation, Clamp clamp, int rows,
        int stride, int nodes)
    {
        int count = checked(rows * stride), stride4 = stride / 4;
        queue.Launch(
            Clamp, Tiles.Groups(count / 4), slices: 1,
            new(stored.SubView(0, count).Cast<Float4>(), outputs.SubView(0, count).Cast<Float4>(), activation, clamp, stride4,
                nodes),
            new WorkShape(rows, nodes, nodes));
    }

    private static void ClampKernel(Arguments p)
    {
        int n = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (n >= p.Stored.IntLength)
            return;
        int node = n % p.Stride4 * 4;
        Float4 z = p.Stored[n];
        p.Outputs[n] = new Float4(Output(p, node, z.X), Output(p, node + 1, z.Y), Output(p, node + 2, z.Z),
            Output(p, node + 3, z.W));
    }

    private static float Output(in Arguments p, int node, float z)
    {
        float a = p.Activation.Value(z);
        if (p.Clamp.Node == Executors.Clamp.AllNodes || p.Clamp.Node == node)
            a = p.Clamp.Of(a);
        return node < p.Nodes ? a : 0;
    }
}
