using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// How the logits answer when one node of a layer changes, where at most one layer with parameters comes after it. Between
/// the two, elementwise layers make u = before(h) of the node's activation h. The layer with parameters sums over its inputs,
/// and a change of input i from u to u' changes the sum v_o of output o by one term:
/// <code>v'_o = v_o + (u' − u) · s_io · (k (u' + u) − m_io)</code>
/// <list type="bullet">
/// <item>Linear and PointSlope, where v is the output: s = w, k = 0, m = −1</item>
/// <item>OffsetL2, where v = Σ_i a_io (x_i − μ_io)² is what stands under the root: s = a (α² or α by form), k = 1, m = 2μ</item>
/// <item>No layer with parameters, where v is h itself: s_io = 1 if i = o, else 0, k = 0, m = −1</item>
/// </list>
/// The logits are after(v), or for OffsetL2 after(sqrt(max(v, 1e-12))).
/// </summary>
/// <remarks>
/// For the prediction the root can be left out: it is monotonic, and layers that only change signs or set one sign's values to
/// 0 keep the order of v as they keep that of its root.
/// </remarks>
internal sealed class NodeResponse
{
    /// <param name="plan">The plan.</param>
    /// <param name="observed">Index of the layer whose nodes change; one for which <see cref="Applies"/>.</param>
    /// <param name="parameters">All parameters in the host layout.</param>
    public NodeResponse(NetworkPlan plan, int observed, ReadOnlySpan<float> parameters)
    {
        PlannedLayer[] later = [.. plan.Layers.Skip(observed + 1)];
        int first = Array.FindIndex(later, HasParameters);
        Layer = first < 0 ? plan.Layers[observed] : later[first];
        Before = Activation.Of(later.Take(Math.Max(first, 0)).Select(layer => layer.Layer));
        After = Activation.Of(later.Skip(first + 1).Select(layer => layer.Layer));
        IsDistance = first >= 0 && Layer.Layer is OffsetL2;

        int inputs = plan.Layers[observed].Outputs, stride = Layer.OutputStride;
        Factors = new float[inputs * stride];
        Centers = new float[inputs * stride];
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < Layer.Outputs; o++)
            {
                (Factors[i * stride + o], Centers[i * stride + o]) = first < 0
                    ? (i == o ? 1 : 0, -1)
                    : Term(Layer, parameters, o * inputs + i);
            }
        }
    }

    /// <summary>The layer with parameters; where none comes after the observed layer, that one itself.</summary>
    public PlannedLayer Layer { get; }

    /// <summary>The elementwise layers between the observed layer and <see cref="Layer"/>.</summary>
    public Activation Before { get; }

    /// <summary>The elementwise layers after <see cref="Layer"/>.</summary>
    public Activation After { get; }

    /// <summary>Whether v is a squared distance: k is then 1, and else 0.</summary>
    public bool IsDistance { get; }

    /// <summary>s: [nodes, <see cref="PlannedLayer.OutputStride"/>], 0 in the padding.</summary>
    public float[] Factors { get; }

    /// <summary>m: [nodes, <see cref="PlannedLayer.OutputStride"/>], 0 in the padding.</summary>
    public float[] Centers { get; }

    /// <summary>Whether at most one layer with parameters comes after a layer.</summary>
    public static bool Applies(NetworkPlan plan, int observed) => plan.Layers.Skip(observed + 1).Count(HasParameters) <= 1;

    private static bool HasParameters(PlannedLayer layer) => layer.HasParameters;

    private static (float S, float M) Term(PlannedLayer layer, ReadOnlySpan<float> parameters, int at)
    {
        float Of(ReadOnlySpan<float> all, ParameterRole role) => all[layer.Find(role)!.Offset + at];
        if (layer.Layer is not OffsetL2 distance)
            return (Of(parameters, ParameterRole.Weight), -1);
        float alpha = Of(parameters, ParameterRole.Alpha);
        return (distance.Form == OffsetL2Form.Paper ? alpha * alpha : alpha, 2 * Of(parameters, ParameterRole.Mu));
    }
}
