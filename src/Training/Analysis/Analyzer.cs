namespace IlgpuDistance.Training.Analysis;

/// <summary>Runs the analyses that are asked for on one network after the other.</summary>
/// <param name="options">What is asked for.</param>
internal sealed class Analyzer(AnalysisOptions options)
{
    /// <summary>Analyses a network.</summary>
    /// <param name="subject">The network, with its parameters loaded.</param>
    /// <param name="run">The number of the run in an experiment, if it is of one.</param>
    /// <param name="withPrototypes">
    /// Whether prototypes are described, if they are asked for: images of each run would be too many.
    /// </param>
    /// <param name="cancellation">Ends it between two analyses.</param>
    /// <exception cref="Gpu.Errors.InputException">
    /// An activation is not finite, or a node that is asked for does not exist.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RunAnalysis Analyze(AnalysisSubject subject, int? run, bool withPrototypes, CancellationToken cancellation)
    {
        var request = new AnalysisRequest(subject, options, withPrototypes, cancellation);
        var analysis = new RunAnalysis { Run = run, Hash = subject.Hash() };
        foreach (AnalysisPart part in RunAnalysis.Parts.Where(part => options.What.Contains(part.Kind)))
        {
            cancellation.ThrowIfCancellationRequested();
            analysis = part.Analyze(request, analysis);
        }
        return analysis;
    }
}
