using ILGPU;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Right predictions where one node i of the layer before the last stage is clamped, in slices of the samples, for many clamps
/// at once: one work-item for a clamp, 64 clamps in a group, which mostly have the node and so what they read in common.
/// With h = f(a) of the unclamped and h' = f(min(max(a, lowest), highest)) of the clamped node, the sum v_o behind each output
/// y_o of the stage changes in one term:
/// <list type="bullet">
/// <item>v'_o = v_o + (h' − h) · s_io · (k (h' + h) − m_io), with s and m from <see cref="NodeResponse"/></item>
/// <item>Linear and PointSlope: k = 0, v = y</item>
/// <item>OffsetL2: k = 1, v = y², y' = sqrt(max(v', 1e-12))</item>
/// </list>
/// </summary>
internal static class NodeClampKernels
{
    /// <summary>What the kernel is given.</summary>
    /// <param name="Activations">a: [samples, Stride]</param>
    /// <param name="Outputs">y of the stage without a clamp: [samples, OutputStride]</param>
    /// <param name="Labels">[samples]</param>
    /// <param name="Clamps">[clamps]</param>
    /// <param name="Terms">s and m: [nodes, OutputStride]</param>
    /// <param name="Correct">Right predictions: [slices, clamps].</param>
    /// <param name="Before">f: the elementwise layers between the clamped layer and the stage.</param>
    /// <param name="After">The elementwise layers behind the stage.</param>
    /// <param name="SliceRows">Samples in a slice.</param>
    /// <param name="Stride">Floats from one row of activations to the next.</param>
    /// <param name="OutputStride">Values from one row of outputs, or of terms, to the next.</param>
    /// <param name="Classes">Outputs of the stage.</param>
    /// <param name="IsDistance">k: 1 for OffsetL2, else 0.</param>
    public readonly record struct Arguments(
        ArrayView<float> Activations, ArrayView<float> Outputs, ArrayView<byte> Labels, ArrayView<Clamp> Clamps, ArrayView<NodeTerm> Terms,
        ArrayView<int> Correct, Activation Before, Activation After, int SliceRows, int Stride, int OutputStride, int Classes, int IsDistance);

    /// <summary>The kernel. Groups: 64 clamps; slices.</summary>
    public static readonly Kernel<Arguments> CountCorrect = new(CountCorrectKernel)
    {
        Name = "node-clamp",
        Operation = "for each of I clamps of a node: right predictions from v' = v + (h' − h) s (k (h' + h) − m), in S slices of the samples",
        Flop = new("6 N I O", w => 6.0 * w.N * w.I * w.O),
        Bytes = new("4 N O + N + 4 S I", w => 4.0 * w.N * w.O + w.N + 4.0 * w.S * w.I),
    };

    private static void CountCorrectKernel(Arguments p)
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
            float change = clamped - h, sum = p.IsDistance != 0 ? clamped + h : 0;
            long row = (long)s * p.OutputStride;
            float max = Logit(p, p.Outputs[row], terms[0], change, sum);
            int prediction = 0;
            for (int o = 1; o < p.Classes; o++)
            {
                float z = Logit(p, p.Outputs[row + o], terms[o], change, sum);
                prediction = z > max ? o : prediction;
                max = z > max ? z : max;
            }
            correct += prediction == p.Labels[s] ? 1 : 0;
        }
        p.Correct[(long)Grid.IdxY * p.Clamps.IntLength + index] = correct;
    }

    private static float Logit(in Arguments p, float y, NodeTerm term, float change, float sum)
    {
        float difference = change * term.Factor * (sum - term.Center);
        return p.After.Value(p.IsDistance != 0 ? Distance.Root(y * y + difference) : y + difference);
    }
}

/// <summary>How an output of a stage answers to one of its inputs; see <see cref="NodeResponse"/>.</summary>
/// <param name="Factor">s</param>
/// <param name="Center">m</param>
internal readonly record struct NodeTerm(float Factor, float Center);
