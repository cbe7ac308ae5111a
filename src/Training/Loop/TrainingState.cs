namespace IlgpuDistance.Training.Loop;

/// <summary>
/// All that changes from epoch to epoch. Everything else follows from the options, because plain SGD keeps no moments and
/// the order of the batches is a function of the epoch's number.
/// </summary>
/// <param name="Epoch">Epochs trained.</param>
/// <param name="Parameters">The parameters after them, in the host layout of the plan.</param>
public sealed record TrainingState(int Epoch, float[] Parameters);
