using System.Numerics;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Right predictions of a block of samples where one node is clamped, by the formula of <see cref="NodeResponse"/>: the sums
/// before the last root and elementwise layers change by one term, so that a clamp costs a few operations per class instead
/// of a pass through a layer. A vector holds as many samples.
/// </summary>
internal static unsafe class NodeClamps<TKind, TSimd, TVector>
    where TKind : struct, IInputSum
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Adds for each clamp the number of right predictions.</summary>
    /// <param name="response">The formula.</param>
    /// <param name="block">The samples, with the node's activations.</param>
    /// <param name="node">The clamped node.</param>
    /// <param name="clamps">Clamps of that node.</param>
    /// <param name="correct">[clamps]</param>
    public static void Count(
        NodeResponse response, NodeBlock block, int node, ReadOnlySpan<Clamp> clamps, Span<int> correct)
    {
        fixed (float* weights = response.Weights, points = response.Points)
        {
            float* a = weights + node * response.Layer.OutputStride, p = points + node * response.Layer.OutputStride;
            for (int r = 0; r < block.Rows; r += TSimd.Count)
            {
                TVector activation = TSimd.Load(block.Column + r), u = Apply(response.Before, activation);
                TVector labels = TSimd.Load(block.Labels + r);
                ulong right = TSimd.EqualBits(TSimd.Load(block.Predictions + r), labels);
                for (int i = 0; i < clamps.Length; i++)
                {
                    TVector raised = TSimd.Max(activation, TSimd.Create(clamps[i].Lowest));
                    TVector clamped = Apply(response.Before, TSimd.Min(raised, TSimd.Create(clamps[i].Highest)));
                    // Where nothing changes, the prediction remains, down to how rounding decides between equals.
                    ulong same = TSimd.EqualBits(u, clamped);
                    ulong all = (1UL << TSimd.Count) - 1;
                    ulong bits = right & same;
                    if (same != all)
                        bits |= TSimd.EqualBits(Predict(response, block.Sums + r, a, p, u, clamped), labels) & ~same;
                    correct[i] += BitOperations.PopCount(bits);
                }
            }
        }
    }

    /// <summary>The first class with the largest logit, where an input changes from u to <paramref name="clamped"/>.</summary>
    private static TVector Predict(NodeResponse response, float* v, float* a, float* p, TVector u, TVector clamped)
    {
        bool bends = (response.After.Positive, response.After.Negative) != (1, 1);
        TVector largest = TSimd.Create(float.NegativeInfinity), one = TSimd.Create(1);
        TVector prediction = TSimd.Zero, o = TSimd.Zero;
        for (int n = 0; n < response.Layer.Outputs; n++, v += Block.Size, o = TSimd.Add(o, one))
        {
            TVector sum = TKind.Change<TSimd, TVector>(TSimd.Load(v), TSimd.Create(a[n]), TSimd.Create(p[n]), u, clamped);
            // Layers that only change signs or set one sign's values to 0 keep the order as well.
            TVector logit = TKind.Order<TSimd, TVector>(sum);
            if (bends)
                logit = Apply(response.After, logit);
            prediction = TSimd.SelectGreater(logit, largest, o, prediction);
            largest = TSimd.Max(logit, largest);
        }
        return prediction;
    }

    private static TVector Apply(in Activation slopes, TVector x) => TSimd.Multiply(
        x, TSimd.SelectGreater(x, TSimd.Zero, TSimd.Create(slopes.Positive), TSimd.Create(slopes.Negative)));
}
