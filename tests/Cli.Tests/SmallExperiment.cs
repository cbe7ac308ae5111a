namespace IlgpuDistance.Cli.Tests;

/// <summary>One small network, for tests that look at where results are read and written.</summary>
public sealed class SmallExperiment() : ReproducedExperiment("linear(3) > abs > linear(10)", epochs: 2);
