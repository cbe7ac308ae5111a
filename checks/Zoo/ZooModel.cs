using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Checks.Zoo;

/// <summary>A network of the zoo: the first finished run of a model.</summary>
/// <param name="Name">Its name, and that of its file without the ending.</param>
/// <param name="File">The file in the run's folder.</param>
/// <param name="Run">How it was trained, and how that ended.</param>
internal sealed record ZooModel(string Name, string File, RunDescription Run)
{
    /// <summary>The networks that experiments have, in their order.</summary>
    /// <param name="experiments">Folders of experiments.</param>
    /// <exception cref="InputException">One of them cannot be read or has damaged runs, or two have the same model.</exception>
    public static IReadOnlyList<ZooModel> In(IEnumerable<string> experiments)
    {
        var found = new List<ZooModel>();
        foreach (ExperimentRecords experiment in experiments.Select(ExperimentRecords.Read))
        {
            if (experiment.Problems is [var problem, ..])
                throw new InputException(problem);
            foreach (ModelRecords model in experiment.FinishedModels)
            {
                if (found.Any(other => other.Name.Equals(model.Model.Folder, StringComparison.OrdinalIgnoreCase)))
                    throw new InputException($"{experiment.Folder}: {model.Name} is in an experiment before it, too");
                string run = ExperimentFolder.RunFolder(experiment.Folder, model.Model, model.Finished[0].Number);
                found.Add(new(model.Model.Folder, Path.Combine(run, RunFiles.Model), RunFolder.Find(run)!));
            }
        }
        return found;
    }
}
