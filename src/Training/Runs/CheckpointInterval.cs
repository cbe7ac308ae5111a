using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Runs;

/// <summary>How often a training is saved on its way: when both have passed, the epochs and the time.</summary>
/// <param name="Epochs">Epochs between two checkpoints, at least 1.</param>
/// <param name="Seconds">Seconds between two checkpoints, at least 0.</param>
internal sealed record CheckpointInterval(int Epochs = 1, int Seconds = 30)
{
    /// <summary>Checks both values.</summary>
    /// <exception cref="InputException">One cannot be used; the message names it.</exception>
    public void Check()
    {
        if (Epochs < 1)
            throw new InputException($"{Settings.CheckpointEpochs} {Epochs}: expected 1 or more");
        if (Seconds < 0)
            throw new InputException($"{Settings.CheckpointSeconds} {Seconds}: expected 0 or more");
    }
}
