namespace IlgpuDistance.Training.Analysis;

/// <summary>The analyses.</summary>
public enum AnalysisKind
{
    /// <summary><see cref="NodeActivity"/></summary>
    DeadNodes,

    /// <summary><see cref="LayerPerturbation"/></summary>
    Perturbation,

    /// <summary><see cref="Analysis.NodePerturbation"/></summary>
    NodePerturbation,

    /// <summary><see cref="ClassDistributions"/></summary>
    Distributions,

    /// <summary><see cref="WeightDistribution"/></summary>
    Weights,

    /// <summary><see cref="PrototypeAnalysis"/></summary>
    Prototypes,

    /// <summary><see cref="RepresentationIndex"/></summary>
    Representation,

    /// <summary><see cref="TheoryCheck"/></summary>
    Theory,
}
