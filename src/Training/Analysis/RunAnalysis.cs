using System.Security.Cryptography;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// What was found about one saved network. What was not asked for, or does not exist for the network, is empty or null.
/// </summary>
internal sealed record RunAnalysis : IChecked
{
    /// <summary>The number of the run in an experiment; null for a model by itself.</summary>
    public int? Run { get; init; }

    /// <summary>
    /// SHA-256 of what was analysed: the layers, what the network sees of a pixel, and the parameters; empty in files of older
    /// versions of this program.
    /// </summary>
    public string Hash { get; init; } = "";

    /// <summary>SHA-256 of the model's file; null for one from a pipe, and in files of older versions of this program.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>Dead nodes of each activation layer and split.</summary>
    public IReadOnlyList<NodeActivity> Activity { get; init; } = [];

    /// <summary>The perturbation of each hidden layer, for each split.</summary>
    public IReadOnlyList<LayerPerturbation> Perturbations { get; init; } = [];

    /// <summary>The perturbation of each node of each hidden layer, for each split.</summary>
    public IReadOnlyList<NodePerturbation> NodePerturbations { get; init; } = [];

    /// <summary>The classes along one hidden node.</summary>
    public ClassDistributions? Distributions { get; init; }

    /// <summary>The distribution of each tensor's values.</summary>
    public IReadOnlyList<WeightDistribution> Weights { get; init; } = [];

    /// <summary>The prototypes; in an experiment only of the first run of a model that is analysed.</summary>
    public PrototypeAnalysis? Prototypes { get; init; }

    /// <summary>The representation index for each split.</summary>
    public IReadOnlyList<RepresentationIndex> Representation { get; init; } = [];

    /// <summary>Where the label's output stands among those of the same image, for each split.</summary>
    public IReadOnlyList<OutputOrder> OutputOrders { get; init; } = [];

    /// <summary>The check of the theory.</summary>
    public TheoryCheck? Theory { get; init; }

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.InRange(Run ?? 0, 0, name: nameof(Run));
        if (Hash.Length > 0)
            Expect.Hash(Hash, SHA256.HashSizeInBytes, "hash");
        if (ModelSha256 is not null)
            Expect.Hash(ModelSha256, SHA256.HashSizeInBytes, "modelSha256");
        Expect.Valid(Activity);
        Expect.Valid(Perturbations);
        Expect.Valid(NodePerturbations);
        Expect.Valid(Distributions);
        Expect.Valid(Weights);
        Expect.Valid(Prototypes);
        Expect.Valid(Representation);
        Expect.Valid(OutputOrders);
        Expect.Valid(Theory);
    }

    /// <summary>The parts, in the order in which they are made.</summary>
    internal static IReadOnlyList<AnalysisPart> Parts { get; } =
    [
        LayerPerturbation.Part,
        NodePerturbation.Part,
        NodeActivity.Part,
        ClassDistributions.Part,
        WeightDistribution.Part,
        RepresentationIndex.Part,
        OutputOrder.Part,
        TheoryCheck.Part,
        PrototypeAnalysis.Part,
    ];

    /// <summary>
    /// Whether two runs of one model were analysed alike: the same layers, images, nodes and tensors in the same order.
    /// </summary>
    internal bool HasFormOf(RunAnalysis other) => Parts.All(part => part.FormOf(this).SequenceEqual(part.FormOf(other)));
}
