using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = |x|. The derivative at exactly 0 is 0, as in PyTorch.</summary>
public sealed record Abs : ElementwiseLayer
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Layer> Syntax { get; } = new("abs", "Absolute values.", _ => new Abs());

    /// <inheritdoc/>
    public override int SlopeAbove => 1;

    /// <inheritdoc/>
    public override int SlopeBelow => -1;

    internal override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Elementwise<Operation>();

    private protected override string Text => Syntax.Name;

    /// <summary>dx = sign(x) dy with sign(0) = 0.</summary>
    private readonly struct Operation : IElementwise
    {
        public static T Forward<TMath, T>(T x) where TMath : IArithmetic<T> => TMath.Abs(x);

        public static T Backward<TMath, T>(T x, T dy) where TMath : IArithmetic<T> =>
            TMath.Subtract(TMath.WhereGreater(x, TMath.Zero, dy), TMath.WhereGreater(TMath.Zero, x, dy));
    }
}
