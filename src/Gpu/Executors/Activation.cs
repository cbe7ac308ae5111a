using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// Any sequence of Abs, ReLU and Neg as one function: f(z) = p z for z &gt; 0, q z for z &lt; 0, f(0) = 0, with p and q of
/// −1, 0, 1. Its derivative at 0 is 0 where the sequence has an Abs or a ReLU, which is where p ≠ q or p = q = 0.
/// </summary>
/// <remarks>
/// Layers with parameters store their raw output z alone. Whoever reads it applies the function as it loads, and whoever
/// writes the gradient of z multiplies by the derivative as it stores: these layers cost no pass over memory.
/// </remarks>
/// <param name="positive">p</param>
/// <param name="negative">q</param>
internal readonly struct Activation(float positive, float negative)
{
    /// <summary>No layer: f(z) = z.</summary>
    public static readonly Activation Identity = new(1, 1);

    private readonly float _positive = positive, _negative = negative;

    /// <summary>The function of a sequence of layers, first to last; the identity for none.</summary>
    public static Activation Of(IEnumerable<Layer> layers)
    {
        float positive = 1, negative = 1;
        foreach (Layer layer in layers)
        {
            positive = Apply(layer, positive);
            // The image of −1 is −q.
            negative = -Apply(layer, -negative);
        }
        return new Activation(positive, negative);
    }

    /// <summary>The function of the layers from one index up to another, all elementwise.</summary>
    public static Activation Of(NetworkPlan plan, int first, int end) =>
        Of(plan.Layers.Skip(first).Take(end - first).Select(layer => layer.Layer));

    /// <summary>p</summary>
    public float Positive => _positive;

    /// <summary>q</summary>
    public float Negative => _negative;

    /// <summary>f(z). A NaN stays one; an infinity that f maps to 0 becomes 0.</summary>
    public float Value(float z)
    {
        float slope = z > 0 ? _positive : _negative;
        return slope == 0 && (z > 0 || z <= 0) ? 0 : slope * z;
    }

    /// <summary>f′(z) · gradient, which is 0 where f′ is.</summary>
    public float Backward(float z, float gradient)
    {
        float slope = z > 0 ? _positive : z < 0 || _positive == _negative ? _negative : 0;
        return slope == 0 ? 0 : slope * gradient;
    }

    private static float Apply(Layer layer, float value) => layer is ElementwiseLayer elementwise
        ? value * (value > 0 ? elementwise.SlopeAbove : elementwise.SlopeBelow)
        : throw new NotSupportedException($"{layer} is not elementwise");
}
