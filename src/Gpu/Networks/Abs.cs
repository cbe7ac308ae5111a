namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = |x|. The derivative at exactly 0 is 0, as in PyTorch.</summary>
public sealed record Abs : ElementwiseLayer
{
    /// <summary>How it is written.</summary>
    internal static LayerSyntax Syntax { get; } = new(
        "abs", "Absolute values.",
        (_, _, _) => new Abs())
    {
        HasWidth = false,
    };

    /// <inheritdoc/>
    public override int SlopeAbove => 1;

    /// <inheritdoc/>
    public override int SlopeBelow => -1;

    private protected override string Text => Syntax.Name;
}
