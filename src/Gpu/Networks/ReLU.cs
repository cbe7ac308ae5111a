using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = max(x, 0). The derivative at exactly 0 is 0, as in PyTorch.</summary>
public sealed record ReLU : ElementwiseLayer
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Layer> Syntax { get; } = new("relu", "What is above 0, else 0.", _ => new ReLU());

    /// <inheritdoc/>
    public override int SlopeAbove => 1;

    /// <inheritdoc/>
    public override int SlopeBelow => 0;

    internal override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Elementwise<Operation>();

    private protected override string Text => Syntax.Name;

    /// <summary>dx = dy where x &gt; 0, else 0.</summary>
    private readonly struct Operation : IElementwise
    {
        public static T Forward<TMath, T>(T x) where TMath : IArithmetic<T> => TMath.Max(x, TMath.Zero);

        public static T Backward<TMath, T>(T x, T dy) where TMath : IArithmetic<T> =>
            TMath.WhereGreater(x, TMath.Zero, dy);
    }
}
