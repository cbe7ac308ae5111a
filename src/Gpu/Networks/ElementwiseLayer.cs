namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// A layer that treats every value by itself and bends at 0 at most: y = p x for x &gt; 0, q x for x &lt; 0, 0 for 0, with
/// p and q of −1, 0, 1. Where it bends its derivative at exactly 0 is 0, as in PyTorch.
/// </summary>
public abstract record ElementwiseLayer : Layer
{
    private protected ElementwiseLayer() { }

    /// <summary>p</summary>
    public abstract int SlopeAbove { get; }

    /// <summary>q</summary>
    public abstract int SlopeBelow { get; }

    /// <summary>One for each value: it has as many pairs.</summary>
    internal override LayerOperations Operations { get; } = new(Forward: 1, Slope: 0, Sums: 0, Input: 1);

    /// <summary>Whether it is an activation function; else it only changes signs.</summary>
    public bool Bends => SlopeAbove != SlopeBelow;
}
