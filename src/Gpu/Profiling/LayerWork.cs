using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>
/// What a layer's formulas need, a multiply-add being two operations; not what an implementation does. Softmax and the step,
/// under 1 % of an epoch's arithmetic, are no layers. Bytes are those that are read and written once for a block of samples,
/// all of them from caches.
/// </summary>
internal static class LayerWork
{
    /// <summary>FLOP of y from x, for one sample.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">Inputs that are read: all, or those that are not zero.</param>
    public static double ForwardFlop(PlannedLayer layer, double inputs) => layer.Layer.Operations.Forward * Pairs(layer, inputs);

    /// <summary>FLOP of the gradients of the parameters and, unless this is the first layer, of x, for one sample.</summary>
    /// <inheritdoc cref="ForwardFlop"/>
    public static double BackwardFlop(PlannedLayer layer, double inputs)
    {
        LayerOperations operations = layer.Layer.Operations;
        return (operations.Slope + operations.Sums + (layer.Index > 0 ? operations.Input : 0)) * Pairs(layer, inputs);
    }

    /// <summary>FLOP of all layers for one sample.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="inputs">Inputs of the first layer that are read.</param>
    /// <param name="backward">Whether forward and backward, else forward only.</param>
    public static double Flop(NetworkPlan plan, double inputs, bool backward) => plan.Layers.Sum(layer =>
    {
        double read = layer.Index == 0 ? inputs : layer.Inputs;
        return ForwardFlop(layer, read) + (backward ? BackwardFlop(layer, read) : 0);
    });

    /// <summary>Bytes of y from x: x and the parameters are read, y is written.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="rows">Samples in the block.</param>
    /// <param name="inputBytes">Bytes of a sample's input.</param>
    public static double ForwardBytes(PlannedLayer layer, int rows, double inputBytes) =>
        rows * (inputBytes + sizeof(float) * layer.Outputs) + ParameterBytes(layer);

    /// <summary>
    /// Bytes of the gradients: x, dy, the sums of the parameters' gradients and, unless this is the first layer, the parameters
    /// are read (by layers with prototypes y and the parameters always), the sums and dx are written.
    /// </summary>
    /// <inheritdoc cref="ForwardBytes"/>
    public static double BackwardBytes(PlannedLayer layer, int rows, double inputBytes)
    {
        bool comparesWithPoints = layer.Layer is PrototypeLayer;
        double perRow = inputBytes + sizeof(float) * layer.Outputs * (comparesWithPoints ? 2 : 1);
        double inputGradient = layer.Index > 0 ? rows * sizeof(float) * (double)layer.Inputs : 0;
        return rows * perRow + inputGradient + ParameterBytes(layer) * (layer.Index > 0 || comparesWithPoints ? 3 : 2);
    }

    private static double Pairs(PlannedLayer layer, double inputs) =>
        layer.HasParameters ? inputs * layer.Outputs : layer.Outputs;

    private static double ParameterBytes(PlannedLayer layer) => sizeof(float) * layer.Tensors.Sum(tensor => (double)tensor.Count);
}
