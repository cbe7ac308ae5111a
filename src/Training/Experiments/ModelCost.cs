namespace IlgpuDistance.Training.Experiments;

/// <summary>How long a model takes to train, measured in a few epochs.</summary>
/// <param name="Setup">Seconds before the first epoch, mostly to take the data to the device.</param>
/// <param name="Epoch">Seconds per epoch.</param>
internal sealed record ModelCost(double Setup, double Epoch);
