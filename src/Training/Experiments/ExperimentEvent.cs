using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Experiments;

/// <summary>Something that happens while an experiment runs; without the last four, that a training begins or goes on.</summary>
/// <param name="Run">The run to which it happens.</param>
/// <param name="Job">Which of the trainings at the same time this is, from 0.</param>
/// <param name="Record">An epoch has been trained: its row in the metrics.</param>
/// <param name="Result">The run has come to its end, and its results are on the disk: how it ended.</param>
/// <param name="Warning">Something is not as it should be, but the run goes on: one sentence.</param>
/// <param name="Problem">The folder of the run cannot be used, and it is left out: why, and what to do.</param>
internal sealed record ExperimentEvent(
    PlannedRun Run, int Job, EpochRecord? Record = null, RunDescription? Result = null, string? Warning = null,
    Wording? Problem = null);
