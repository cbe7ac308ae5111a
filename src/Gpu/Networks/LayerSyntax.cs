namespace IlgpuDistance.Gpu.Networks;

/// <summary>How a kind of layer is written in the text of a <see cref="Network"/>; what help and messages list.</summary>
/// <param name="Text">The layer with N for its number of outputs, e.g. <c>linear(N)</c>.</param>
/// <param name="Meaning">What it computes, in one sentence.</param>
public sealed record LayerSyntax(string Text, string Meaning)
{
    /// <summary>All kinds of layers.</summary>
    public static IReadOnlyList<LayerSyntax> All { get; } =
    [
        new("linear(N)", "N weighted sums, each with a bias; without it: linear(N, bias: false)."),
        new("abs", "Absolute values."),
        new("relu", "What is above 0, else 0."),
        new("neg", "Changes signs, so that the smallest distance is the largest output."),
        new("offset-l2(N)", "Weighted distances to N learned prototypes; in the author's form: offset-l2(N, form: reference)."),
        new("point-slope(N)", "N weighted sums of distances to learned points, without a bias."),
    ];

    /// <summary>The name without arguments.</summary>
    public string Name => Text.Split('(')[0];

    /// <summary>The names of all kinds, as messages list them.</summary>
    internal static string Names => string.Join(", ", All.Select(layer => layer.Name));
}
