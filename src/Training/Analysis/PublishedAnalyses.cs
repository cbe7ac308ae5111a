namespace IlgpuDistance.Training.Analysis;

/// <summary>What arXiv:2502.02103 and its author's notes say about the same analyses, all in percent.</summary>
internal static class PublishedAnalyses
{
    private static readonly Dictionary<string, (int FromBelow, int FromAbove)> Halves = new()
    {
        ["Abs2-Neg"] = (38, 35),
        ["Abs"] = (35, 30),
        ["Abs2"] = (15, 8),
        ["ReLU2-Neg"] = (11, 1),
        ["ReLU"] = (9, 1),
        ["ReLU2"] = (8, 1),
    };

    /// <summary>Where in the range of thresholds half of the accuracy is gone; null where nothing was published.</summary>
    public static (int FromBelow, int FromAbove)? HalfOf(string model) => Halves.TryGetValue(model, out var half) ? half : null;

    /// <summary>Dead and rarely active nodes of a layer, in words; null where nothing was published.</summary>
    public static string? ActivityOf(string model, AnalyzedLayer layer) => (model, layer.IsHidden) switch
    {
        ("ReLU2", false) => "22 % dead (33 % in the paper's text), 53.5 % rarely active",
        ("ReLU", true) => "0.47 % rarely active",
        ("Abs" or "Abs2" or "Abs2-Neg", _) => "0 % dead",
        _ => null,
    };

    /// <summary>The same as numbers; null where nothing was published.</summary>
    public static (double? Dead, double? Rare) NodesOf(string model, bool isHidden) => (model, isHidden) switch
    {
        ("ReLU2", false) => (22, 53.5),
        ("ReLU", true) => (null, 0.47),
        ("Abs" or "Abs2" or "Abs2-Neg", _) => (0, null),
        _ => (null, null),
    };

    /// <summary>What the paper calls the outputs of a model; null where it says nothing.</summary>
    public static string? RepresentationOf(string model) => model switch
    {
        "ReLU2" or "Abs2" or "ReLU2-Bias" or "Abs2-Bias" => "intensity",
        "ReLU2-Neg" or "Abs2-Neg" or "ReLU2-Neg-Bias" or "Abs2-Neg-Bias" or "ReLU-L2-Neg" or "Abs-L2-Neg" or "L2-Neg" =>
            "distance",
        _ => null,
    };
}
