using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// All that changes from epoch to epoch. Everything else follows from the options, because the order of the batches and the
/// learning rate are functions of the epoch's number.
/// </summary>
/// <param name="Epoch">Epochs trained.</param>
/// <param name="Parameters">The parameters after them, in the host layout of the plan.</param>
/// <param name="Seconds">Wall time of these epochs.</param>
/// <param name="Last">The record of the last of them; null before the first.</param>
/// <param name="Optimizer">What the optimizer keeps; null before its first step, and where it keeps nothing.</param>
public sealed record TrainingState(
    int Epoch, float[] Parameters, double Seconds = 0, EpochRecord? Last = null, OptimizerState? Optimizer = null);
