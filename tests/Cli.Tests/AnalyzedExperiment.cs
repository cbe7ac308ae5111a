namespace IlgpuDistance.Cli.Tests;

/// <summary>Two models to be analysed, the first of the paper and the second with prototypes.</summary>
public sealed class AnalyzedExperiment() : ReproducedExperiment("ReLU2,linear(12) > abs > offset-l2(10) > neg", epochs: 30);
