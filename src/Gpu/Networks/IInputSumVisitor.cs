namespace IlgpuDistance.Gpu.Networks;

/// <summary>Makes something of the formulas by which a layer sums over its inputs.</summary>
internal interface IInputSumVisitor<out TResult>
{
    /// <summary>Of a kind of sum.</summary>
    TResult Sum<TKind>() where TKind : struct, IInputSum;
}

/// <summary>Shows the sum of a layer to a visitor.</summary>
internal sealed class InputSumOf<TResult>(IInputSumVisitor<TResult> visitor) : ILayerVisitor<TResult>
{
    public TResult Linear() => visitor.Sum<Linear.Sum>();

    public TResult Elementwise<TOperation>() where TOperation : struct, IElementwise =>
        throw new NotSupportedException("an elementwise layer sums over nothing");

    public TResult Prototypes<TKind>() where TKind : struct, IPrototypeKind => visitor.Sum<TKind>();
}
