using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Models;

/// <summary>The networks of arXiv:2502.02103 by name, and the meaning of the text that names a model.</summary>
public static class PaperModels
{
    /// <summary>Width of the hidden layer of every network in the paper.</summary>
    public const int HiddenWidth = 128;

    /// <summary>All named networks, in the order of the paper's tables; those of the L1 distance behind those of L2.</summary>
    public static IReadOnlyList<PaperModel> All { get; } =
    [
        .. LinearLogits(bias: false),
        .. LinearLogits(bias: true),
        DistanceLogits("ReLU-L2", "distance to prototypes over ReLU features, the farthest wins", [new ReLU()], false, L2),
        DistanceLogits("ReLU-L2-Neg", "distance to prototypes over ReLU features, the nearest wins", [new ReLU()], true, L2),
        DistanceLogits("Abs-L2", "distance to prototypes over Abs features, the farthest wins", [new Abs()], false, L2),
        DistanceLogits("Abs-L2-Neg", "distance to prototypes over Abs features, the nearest wins", [new Abs()], true, L2),
        DistanceLogits("L2", "distance to prototypes over a linear layer, the farthest wins", [], false, L2),
        DistanceLogits("L2-Neg", "distance to prototypes over a linear layer, the nearest wins", [], true, L2),
        DistanceLogits(
            "ReLU-L1", "L1 distance to prototypes over ReLU features, the farthest wins; not in the paper", [new ReLU()], false,
            L1),
        DistanceLogits(
            "ReLU-L1-Neg", "L1 distance to prototypes over ReLU features, the nearest wins; not in the paper", [new ReLU()], true,
            L1),
        DistanceLogits(
            "Abs-L1", "L1 distance to prototypes over Abs features, the farthest wins; not in the paper", [new Abs()], false, L1),
        DistanceLogits(
            "Abs-L1-Neg", "L1 distance to prototypes over Abs features, the nearest wins; not in the paper", [new Abs()], true,
            L1),
        new("ReLU2-PointSlope", "intensity after ReLU, from slopes that pass through learned points",
            (hidden, classes, _) => new Network(new Linear(hidden), new ReLU(), new PointSlope(classes), new ReLU())),
    ];

    /// <summary>The network with the given name, in any case, or null where there is none.</summary>
    public static PaperModel? Find(string name) =>
        All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Reads the text that names a model: a name from <see cref="All"/>, else layers as <see cref="Network.Parse"/> reads them.
    /// </summary>
    /// <param name="text">E.g. <c>Abs-L2-Neg</c> or <c>linear(64) > relu > linear(10)</c>.</param>
    /// <param name="classes">Number of classes, which is the width of the last layer of a named model.</param>
    /// <param name="form">The form of OffsetL2 in a named model, and in layers that do not name theirs.</param>
    /// <exception cref="InputException">It is neither; the message lists the names and suggests the nearest.</exception>
    public static Network Resolve(string text, int classes, OffsetL2Form form = OffsetL2Form.Paper)
    {
        string name = text.Trim();
        if (Find(name) is { } model)
            return model.Create(classes, form);
        bool isLayer = LayerKinds.All.Any(layer => layer.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (name.Length == 0 || name.Contains('>') || name.Contains('(') || isLayer)
            return Network.Parse(name, form);

        if (ModelZoo.IsNamedBy(name))
        {
            throw new InputException(
                $"{name} is a trained network, and no model; begin with its parameters{Hint.With(Settings.InitialModel)}");
        }
        string known = Spelling.Nearest(name, All.Select(model => model.Name)) is { } nearest
            ? $"did you mean {nearest}? Known"
            : "known";
        throw new InputException(
            $"unknown model \"{name}\"; {known} are {string.Join(", ", All.Select(model => model.Name))}; " +
            "or write the layers, e.g. \"linear(128) > abs > linear(10)\"");
    }

    /// <summary>A network's name in the paper; null where it has none.</summary>
    /// <param name="network">The network.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="form">The form of OffsetL2 that goes without saying.</param>
    public static string? NameOf(Network network, int classes, OffsetL2Form form = OffsetL2Form.Paper)
    {
        string layers = network.ToString();
        return All.FirstOrDefault(model => model.Create(classes, form).ToString() == layers)?.Name;
    }

    /// <summary>
    /// A network's name in the paper, if it has one, and its layers, e.g. <c>L2: linear(128) > offset-l2(10)</c>.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="form">The form of OffsetL2 that goes without saying.</param>
    public static string TitleOf(Network network, int classes, OffsetL2Form form = OffsetL2Form.Paper) =>
        NameOf(network, classes, form) is { } name ? $"{name}: {network}" : $"{network}";

    /// <summary>Checks the text that names a model as far as that goes without the data, which decides the widths.</summary>
    /// <param name="text">As for <see cref="Resolve"/>.</param>
    /// <exception cref="InputException">It names no model.</exception>
    public static void Check(string text) => Resolve(text, classes: 2);

    /// <summary>
    /// The six networks of the paper's main experiment; without the last bias they cannot shift distances back.
    /// </summary>
    private static IEnumerable<PaperModel> LinearLogits(bool bias)
    {
        PaperModel Model(string name, string description, params Layer[] after) => new(
            bias ? $"{name}-Bias" : name,
            bias ? $"{description}, with a bias in the last linear layer" : description,
            (hidden, classes, _) => new Network(
                [new Linear(hidden), name.StartsWith("Abs", StringComparison.Ordinal) ? new Abs() : new ReLU(),
                    new Linear(classes, bias), .. after]));

        yield return Model("Abs", "linear logits over Abs features");
        yield return Model("ReLU", "linear logits over ReLU features");
        yield return Model("Abs2", "intensity: logits are never negative, through Abs", new Abs());
        yield return Model("Abs2-Neg", "distance: logits are never positive, through Abs", new Abs(), new Neg());
        yield return Model("ReLU2", "intensity: logits are never negative, through ReLU", new ReLU());
        yield return Model("ReLU2-Neg", "distance: logits are never positive, through ReLU", new ReLU(), new Neg());
    }

    private static PaperModel DistanceLogits(
        string name, string description, Layer[] activation, bool negated, Func<int, OffsetL2Form, Layer> distance) => new(
        name,
        description,
        (hidden, classes, form) => new Network(
            [new Linear(hidden), .. activation, distance(classes, form), .. negated ? [new Neg()] : Array.Empty<Layer>()]));

    private static Layer L2(int classes, OffsetL2Form form) => new OffsetL2(classes, form);

    private static Layer L1(int classes, OffsetL2Form form) => new OffsetL1(classes);
}
