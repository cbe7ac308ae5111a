using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Tests;

/// <summary>The checkpoints in a run's folder, read while a training may be writing them.</summary>
internal static class StoredCheckpoint
{
    /// <summary>The state in the newest checkpoint that can be read; null where there is none.</summary>
    public static TrainingState? NewestIn(string folder)
    {
        foreach (string name in new[] { "checkpoint", "checkpoint.previous" })
        {
            try
            {
                return CheckpointFile.Read(Path.Combine(folder, name)).State;
            }
            catch (Exception error) when (error is InvalidDataException or IOException)
            {
                continue;
            }
        }
        return null;
    }
}
