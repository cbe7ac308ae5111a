using ILGPU;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using Scalar = IlgpuDistance.Gpu.Arithmetic.ScalarArithmetic;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Right predictions where one node i of the layer before the last stage is clamped, in slices of the samples, for many clamps
/// at once: one work-item for a clamp, 64 clamps in a group, which mostly have the node and so what they read in common.
/// With h = f(a) of the unclamped and h' = f(min(max(a, lowest), highest)) of the clamped node, the sum v_o behind each output
/// y_o of the stage changes in one term, as the kind of the stage says (<see cref="NodeResponse"/>).
/// </summary>
internal static class NodeClampKernels<TKind> where TKind : struct, IInputSum
{
    /// <summary>The kernel. Groups: 64 clamps; slices.</summary>
    public static readonly Kernel<NodeClampArguments> CountCorrect = new(CountCorrectKernel)
    {
        Name = $"node-clamp-{TKind.Name}",
        Operation = "for each of I clamps of a node: right predictions from sums with one term changed, in S slices",
        Flop = "6 N I O",
        Bytes = "4 N O + N + 4 S I",
    };

    private static void CountCorrectKernel(NodeClampArguments p)
    {
        int index = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        if (index >= p.Clamps.IntLength)
            return;
        Clamp clamp = p.Clamps[index];
        ArrayView<NodeTerm> terms = p.Terms.SubView((long)clamp.Node * p.OutputStride, p.Classes);
        int correct = 0, end = IntrinsicMath.Min((Grid.IdxY + 1) * p.SliceRows, p.Labels.IntLength);
        for (int s = Grid.IdxY * p.SliceRows; s < end; s++)
        {
            float a = p.Activations[(long)s * p.Stride + clamp.Node];
            float h = p.Before.Value(a), clamped = p.Before.Value(clamp.Of(a));
            long row = (long)s * p.OutputStride;
            float max = Logit(p, p.Outputs[row], terms[0], h, clamped);
            int prediction = 0;
            for (int o = 1; o < p.Classes; o++)
            {
                float z = Logit(p, p.Outputs[row + o], terms[o], h, clamped);
                prediction = z > max ? o : prediction;
                max = z > max ? z : max;
            }
            correct += prediction == p.Labels[s] ? 1 : 0;
        }
        p.Correct[(long)Grid.IdxY * p.Clamps.IntLength + index] = correct;
    }

    private static float Logit(in NodeClampArguments p, float y, NodeTerm term, float h, float clamped)
    {
        float sum = TKind.Change<Scalar, float>(TKind.Sum<Scalar, float>(y), term.Weight, term.Point, h, clamped);
        return p.After.Value(TKind.Output<Scalar, float>(sum));
    }
}
