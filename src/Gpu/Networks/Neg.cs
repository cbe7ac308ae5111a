using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>y = −x: turns a distance into something that softmax can maximise.</summary>
public sealed record Neg : ElementwiseLayer
{
    /// <summary>How it is written.</summary>
    internal static CallSyntax<Layer> Syntax { get; } = new(
        "neg", "Changes signs, so that the smallest distance is the largest output.", _ => new Neg());

    /// <inheritdoc/>
    public override int SlopeAbove => -1;

    /// <inheritdoc/>
    public override int SlopeBelow => -1;

    internal override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Elementwise<Operation>();

    private protected override string Text => Syntax.Name;

    /// <summary>dx = −dy.</summary>
    private readonly struct Operation : IElementwise
    {
        public static T Forward<TMath, T>(T x) where TMath : IArithmetic<T> => TMath.Negate(x);

        public static T Backward<TMath, T>(T x, T dy) where TMath : IArithmetic<T> =>
            TMath.Negate(dy);
    }
}
