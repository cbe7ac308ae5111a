using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// A feed-forward network as a list of layers; softmax cross-entropy always follows the last one. Its text form is
/// <c>linear(128) > abs > offset-l2(10, form: reference) > neg</c>. The width of the input comes from the data.
/// </summary>
public sealed class Network
{
    /// <summary>The layers, first to last; at least one.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>A network of the given layers.</summary>
    /// <exception cref="InputException">There is no layer.</exception>
    public Network(params IEnumerable<Layer> layers)
    {
        Layers = [.. layers];
        if (Layers.Count == 0)
            throw new InputException("a network needs at least one layer, e.g. \"linear(128) > abs > linear(10)\"");
    }

    /// <summary>The network as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Join(" > ", Layers);

    /// <summary>Reads a network from its text form. Names and keywords are case-insensitive; white space is free.</summary>
    /// <param name="text">E.g. <c>linear(128) > relu > linear(10, bias: false)</c>.</param>
    /// <param name="defaultForm">The form of each OffsetL2 that does not name its own.</param>
    /// <exception cref="InputException">The text is no network; the message names the layer.</exception>
    public static Network Parse(string text, OffsetL2Form defaultForm = OffsetL2Form.Paper)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new Network([]);
        return new Network(text.Split('>').Select((layer, i) => LayerKinds.All.Read(
            "layer", new CallText($"layer {i + 1},", layer, ("form", defaultForm.ToString())))));
    }
}
