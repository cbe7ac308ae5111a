namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// One layer of a <see cref="Network"/>, without the width of its input, which the layer before it decides. Everything that is
/// to be known of a kind of layer stands in its file; <see cref="LayerKinds.All"/> lists the kinds.
/// </summary>
/// <remarks>x: [samples, inputs] is a layer's input, y: [samples, outputs] its output.</remarks>
public abstract record Layer
{
    private protected Layer() { }

    /// <summary>Its parameters, in the order of the host layout.</summary>
    public virtual IReadOnlyList<TensorDescription> Tensors => [];

    /// <summary>Whether there is something to learn.</summary>
    public bool HasParameters => Tensors.Count > 0;

    /// <summary>The number of outputs for the given number of inputs.</summary>
    public virtual int OutputsFor(int inputs) => inputs;

    /// <summary>The layer as <see cref="Network.Parse"/> reads it, e.g. <c>linear(10, bias: false)</c>.</summary>
    public sealed override string ToString() => Text;

    /// <summary>Its arithmetic.</summary>
    internal abstract LayerOperations Operations { get; }

    /// <summary>Shows itself to a visitor.</summary>
    internal abstract TResult Accept<TResult>(ILayerVisitor<TResult> visitor);

    /// <summary>The same.</summary>
    private protected abstract string Text { get; }
}
