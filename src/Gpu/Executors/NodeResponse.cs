using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// How the logits answer when one node of a layer changes, where at most one layer with parameters comes after it. Between
/// the two, elementwise layers make u = before(h) of the node's activation h. The layer with parameters sums over its inputs,
/// and a change of input i from u to u' changes the sum v_o behind output o by one term, as its kind says
/// (<see cref="IInputSum.Change"/>). The logits are after(output(v')). Where no layer with parameters comes after, v is h itself:
/// a weighted sum with the weight a_io = 1 if i = o, else 0.
/// </summary>
internal sealed class NodeResponse
{
    private readonly bool _isSummed;

    /// <param name="observed">The layer whose nodes change.</param>
    /// <param name="tail">What comes behind it; one for which <see cref="Applies"/>.</param>
    /// <param name="parameters">All parameters in the host layout.</param>
    public NodeResponse(PlannedLayer observed, Tail tail, float[] parameters)
    {
        _isSummed = tail.Layers.Count > 0;
        Layer = _isSummed ? tail.Layers[0] : observed;
        Before = tail.Before;
        After = tail.After;

        int inputs = observed.Outputs, stride = Layer.OutputStride;
        Weights = new float[inputs * stride];
        Points = new float[inputs * stride];
        Func<int, (float, float)>? termAt = _isSummed ? Layer.Layer.Accept(new Terms(Layer, parameters)) : null;
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < Layer.Outputs; o++)
                (Weights[i * stride + o], Points[i * stride + o]) = termAt is null ? (i == o ? 1 : 0, 0) : termAt(o * inputs + i);
        }
    }

    /// <summary>The layer with parameters; where none comes after the observed layer, that one itself.</summary>
    public PlannedLayer Layer { get; }

    /// <summary>The elementwise layers between the observed layer and <see cref="Layer"/>.</summary>
    public Activation Before { get; }

    /// <summary>The elementwise layers after <see cref="Layer"/>.</summary>
    public Activation After { get; }

    /// <summary>The weights a: [nodes, <see cref="PlannedLayer.OutputStride"/>], 0 in the padding.</summary>
    public float[] Weights { get; }

    /// <summary>The points p, or 0 for none: [nodes, <see cref="PlannedLayer.OutputStride"/>], 0 in the padding.</summary>
    public float[] Points { get; }

    /// <summary>Whether at most one layer with parameters comes after a layer.</summary>
    public static bool Applies(Tail tail) => tail.Layers.Count <= 1;

    /// <summary>Shows the formulas of the sum to a visitor.</summary>
    public TResult Accept<TResult>(IInputSumVisitor<TResult> visitor) =>
        _isSummed ? Layer.Layer.Accept(new InputSumOf<TResult>(visitor)) : visitor.Sum<Linear.Sum>();

    /// <summary>A function that gives weight and point at a place [output, input] in the host layout.</summary>
    private sealed class Terms(PlannedLayer layer, float[] parameters) : ILayerVisitor<Func<int, (float Weight, float Point)>>
    {
        public Func<int, (float, float)> Linear()
        {
            int weights = layer.Find(ParameterRole.Weight)!.Offset;
            return at => (parameters[weights + at], 0);
        }

        public Func<int, (float, float)> Elementwise<TOperation>() where TOperation : struct, IElementwise =>
            throw new NotSupportedException($"{layer.Layer} has no parameters");

        public Func<int, (float, float)> Prototypes<TKind>() where TKind : struct, IPrototypeKind
        {
            var prototypes = (PrototypeLayer)layer.Layer;
            int points = layer.Find(prototypes.PointRole)!.Offset, weights = layer.Find(prototypes.WeightRole)!.Offset;
            return at => (TKind.Weight<ScalarArithmetic, float>(parameters[weights + at]), parameters[points + at]);
        }
    }
}
