using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Figures;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Reports;

/// <summary>The picture of its learning curve that a training leaves in its folder.</summary>
internal static class RunPicture
{
    /// <summary>Draws it; nothing where the run is not finished or has no epoch.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <exception cref="InputException">The run's files cannot be used.</exception>
    /// <exception cref="IOException">The picture cannot be written.</exception>
    /// <exception cref="PlatformNotSupportedException">The drawing library does not run here.</exception>
    public static void Write(string folder)
    {
        ExperimentRecords records = ExperimentRecords.Read(folder);
        if (records.Description.Epochs == 0 || !records.FinishedModels.Any())
            return;
        try
        {
            byte[] picture = LearningCurves.OfRun(records).ToPng();
            AtomicFile.Write(Path.Combine(folder, RunFiles.Picture), stream => stream.Write(picture));
        }
        catch (TypeInitializationException error)
        {
            throw new PlatformNotSupportedException(
                $"{folder}: has no {RunFiles.Picture}: the drawing library cannot be loaded on this machine: " +
                    $"{error.GetBaseException().Message}", error);
        }
    }
}
