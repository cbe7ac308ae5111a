using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Reports.Published;

/// <summary>A published test accuracy of one model.</summary>
/// <param name="Model">The paper's name of the model.</param>
/// <param name="Column">Where it was published.</param>
/// <param name="TestAccuracy">Mean and standard deviation over the published number of runs, in percent.</param>
internal sealed record PublishedFigure(string Model, PublishedColumn Column, SampleSummary TestAccuracy);
