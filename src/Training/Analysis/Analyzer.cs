using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>Runs the analyses that are asked for on one network after the other.</summary>
/// <param name="options">What is asked for.</param>
public sealed class Analyzer(AnalysisOptions options)
{
    /// <summary>Analyses a network.</summary>
    /// <param name="subject">The network, with its parameters loaded.</param>
    /// <param name="run">The number of the run in an experiment, if it is of one.</param>
    /// <param name="withPrototypes">Whether prototypes are described, if they are asked for: images of each run would be too many.</param>
    /// <param name="cancellation">Ends it between two analyses.</param>
    /// <exception cref="Gpu.Errors.InputException">An activation is not finite, or a node that is asked for does not exist.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RunAnalysis Analyze(AnalysisSubject subject, int? run, bool withPrototypes, CancellationToken cancellation)
    {
        bool Wants(AnalysisKind kind)
        {
            cancellation.ThrowIfCancellationRequested();
            return options.What.Contains(kind);
        }
        Split first = options.Splits[0];
        var layers = new List<LayerPerturbation>();
        var nodes = new List<NodePerturbation>();
        if (Wants(AnalysisKind.Perturbation) || Wants(AnalysisKind.NodePerturbation))
        {
            foreach (var (split, layer) in options.Splits.SelectMany(split => subject.Roles.Hidden.Select(layer => (split, layer))))
                Perturb(subject, split, layer, layers, nodes, cancellation);
        }
        return new RunAnalysis
        {
            Run = run,
            Hash = subject.Hash(),
            Activity = Wants(AnalysisKind.DeadNodes)
                ? [.. options.Splits.SelectMany(split => subject.Roles.Activations.Select(layer => NodeActivity.Of(subject, split, layer)))]
                : [],
            Perturbations = layers,
            NodePerturbations = nodes,
            Distributions = Wants(AnalysisKind.Distributions) ? ClassDistributions.Of(subject, first, options.Node) : null,
            Weights = Wants(AnalysisKind.Weights)
                ? [.. subject.Plan.Tensors.Select(tensor => WeightDistribution.Of(tensor, subject.Parameters.AsSpan(tensor.Offset, tensor.Count)))]
                : [],
            Representation = Wants(AnalysisKind.Representation) ? [.. options.Splits.Select(split => RepresentationIndex.Of(subject, split))] : [],
            Theory = Wants(AnalysisKind.Theory) ? TheoryCheck.Of(subject, first) : null,
            Prototypes = Wants(AnalysisKind.Prototypes) && withPrototypes ? PrototypeAnalysis.Of(subject, first, cancellation) : null,
        };
    }

    private void Perturb(
        AnalysisSubject subject, Split split, int layer, List<LayerPerturbation> layers, List<NodePerturbation> nodes, CancellationToken cancellation)
    {
        AnalyzedLayer analyzed = AnalyzedLayer.Of(subject.Plan, layer);
        using IDeviceActivations activations = subject.Activations(split, layer);
        var (lowest, highest) = RangeOf(subject, split, activations);
        if (options.What.Contains(AnalysisKind.Perturbation))
            layers.Add(LayerPerturbation.Of(activations, split, analyzed, lowest, highest));
        cancellation.ThrowIfCancellationRequested();
        if (options.What.Contains(AnalysisKind.NodePerturbation))
            nodes.Add(NodePerturbation.Of(activations, split, analyzed, lowest, highest));
    }

    private (float Lowest, float Highest) RangeOf(AnalysisSubject subject, Split split, IDeviceActivations activations)
    {
        if (options.Range == PerturbationRange.Reference && subject.Roles.Activations.Count > 0)
        {
            NodeActivity[] all = [.. subject.Roles.Activations.Select(layer => NodeActivity.Of(subject, split, layer))];
            return (all.Min(layer => layer.Smallest), all.Max(layer => layer.Largest));
        }
        ActivationSums sums = subject.Checked(activations.Sum(threshold: 0), activations.Layer.Index);
        return (sums.Smallest.Min(), sums.Largest.Max());
    }
}
