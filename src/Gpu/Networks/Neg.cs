namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = −x: turns a distance into something that softmax can maximise.</summary>
public sealed record Neg : ElementwiseLayer
{
    /// <summary>How it is written.</summary>
    internal static LayerSyntax Syntax { get; } = new(
        "neg", "Changes signs, so that the smallest distance is the largest output.",
        (_, _, _) => new Neg())
    {
        HasWidth = false,
    };

    /// <inheritdoc/>
    public override int SlopeAbove => -1;

    /// <inheritdoc/>
    public override int SlopeBelow => -1;

    private protected override string Text => Syntax.Name;
}
