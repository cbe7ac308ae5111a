namespace IlgpuDistance.Gpu.Networks;

/// <summary>Makes something of a layer, such as its kernels: a case for each way to compute one, with its own formulas.</summary>
internal interface ILayerVisitor<out TResult>
{
    /// <summary>Of a product with a matrix.</summary>
    TResult Linear();

    /// <summary>Of a layer that treats every value by itself.</summary>
    TResult Elementwise<TOperation>() where TOperation : struct, IElementwise;

    /// <summary>Of a layer that compares its input with points.</summary>
    TResult Prototypes<TKind>() where TKind : struct, IPrototypeKind;
}
