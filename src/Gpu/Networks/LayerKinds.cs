using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>All kinds of layers.</summary>
internal static class LayerKinds
{
    /// <summary>How each kind is written, in the order of help.</summary>
    public static IReadOnlyList<CallSyntax<Layer>> All { get; } =
        [Linear.Syntax, Abs.Syntax, ReLU.Syntax, Neg.Syntax, OffsetL2.Syntax, OffsetL1.Syntax, PointSlope.Syntax];

    /// <summary>One layer of each kind with each choice of words.</summary>
    internal static IReadOnlyList<Layer> Examples { get; } = [.. ExamplesOf(outputs: 1)];

    /// <summary>The same with a number of outputs, for those that are given one.</summary>
    internal static IEnumerable<Layer> ExamplesOf(int outputs) => All.SelectMany(syntax => syntax.Examples(outputs));
}
