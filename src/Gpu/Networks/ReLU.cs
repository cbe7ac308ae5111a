namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = max(x, 0). The derivative at exactly 0 is 0, as in PyTorch.</summary>
public sealed record ReLU : ElementwiseLayer
{
    /// <summary>How it is written.</summary>
    internal static LayerSyntax Syntax { get; } = new(
        "relu", "What is above 0, else 0.",
        (_, _, _) => new ReLU())
    {
        HasWidth = false,
    };

    /// <inheritdoc/>
    public override int SlopeAbove => 1;

    /// <inheritdoc/>
    public override int SlopeBelow => 0;

    private protected override string Text => Syntax.Name;
}
