using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Bench;

/// <summary>
/// Floating-point operations that a layer's formulas need for one sample, a multiply-add being two; not what an
/// implementation does. Softmax and the step, under 1 % of an epoch's arithmetic, are not counted.
/// </summary>
internal static class FlopCount
{
    /// <summary>Forward: y from x.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">Inputs that are read: all, or those that are not zero.</param>
    public static double Forward(PlannedLayer layer, double inputs) => layer.Layer switch
    {
        Linear => 2 * inputs * layer.Outputs,
        // (x − μ), its product with a, and a multiply-add.
        OffsetL2 => 4 * inputs * layer.Outputs,
        // (x − c), and a multiply-add.
        PointSlope => 3 * inputs * layer.Outputs,
        _ => layer.Outputs,
    };

    /// <summary>Backward: the gradients of the parameters and, unless this is the first layer, of x.</summary>
    /// <inheritdoc cref="Forward"/>
    public static double Backward(PlannedLayer layer, double inputs)
    {
        // One multiply-add per weight.
        double inputGradient = layer.Index > 0 ? 2 * inputs * layer.Outputs : 0;
        return layer.Layer switch
        {
            Linear => 2 * inputs * layer.Outputs + inputGradient,
            // d = x − μ, g = s d, the sums of g and of g d.
            OffsetL2 => 5 * inputs * layer.Outputs + inputGradient,
            // d = x − c and the sum of s d; that of s does not depend on the input.
            PointSlope => 3 * inputs * layer.Outputs + inputGradient,
            _ => layer.Outputs,
        };
    }

    /// <summary>All layers.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="inputs">Inputs of the first layer that are read.</param>
    /// <param name="backward">Whether forward and backward, else forward only.</param>
    public static double Of(NetworkPlan plan, double inputs, bool backward) => plan.Layers.Sum(layer =>
    {
        double read = layer.Index == 0 ? inputs : layer.Inputs;
        return Forward(layer, read) + (backward ? Backward(layer, read) : 0);
    });
}
