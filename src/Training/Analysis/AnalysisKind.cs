using System.ComponentModel;

namespace IlgpuDistance.Training.Analysis;

/// <summary>The analyses, with what each says in a sentence.</summary>
internal enum AnalysisKind
{
    /// <summary><see cref="NodeActivity"/></summary>
    [Description("Nodes that are active for no image, or for few.")]
    DeadNodes,

    /// <summary><see cref="LayerPerturbation"/></summary>
    [Description("The accuracy when a hidden layer is clamped, from below or from above.")]
    Perturbation,

    /// <summary><see cref="Analysis.NodePerturbation"/></summary>
    [Description("The same for one node at a time.")]
    NodePerturbation,

    /// <summary><see cref="ClassDistributions"/></summary>
    [Description("The classes along one hidden node.")]
    Distributions,

    /// <summary><see cref="WeightDistribution"/></summary>
    [Description("The distribution of each parameter tensor.")]
    Weights,

    /// <summary><see cref="PrototypeAnalysis"/></summary>
    [Description("What the prototype of each class is, and the images nearest to it and farthest from it.")]
    Prototypes,

    /// <summary><see cref="RepresentationIndex"/></summary>
    [Description("Whether each output measures distance or intensity.")]
    Representation,

    /// <summary><see cref="Analysis.OutputOrder"/></summary>
    [Description("Where the label's output stands among the outputs of the same image, from the smallest to the largest.")]
    OutputOrder,

    /// <summary><see cref="TheoryCheck"/></summary>
    [Description("Whether prototypes and weights are what the paper's theory expects.")]
    Theory,
}
