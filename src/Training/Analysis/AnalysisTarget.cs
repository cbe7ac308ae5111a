using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Analysis;

/// <summary>What a path on the command line names: a saved model, the folder of a run, or that of an experiment.</summary>
/// <param name="Folder">The folder in which the results are put where none is named; null for what comes from a pipe.</param>
/// <param name="Models">The saved models, those of one model of an experiment together.</param>
/// <param name="Data">The data of the experiment; null for a model by itself.</param>
/// <param name="Problems">One line for each run of the experiment that is left out.</param>
internal sealed record AnalysisTarget(string? Folder,
    IReadOnlyList<AnalysisTarget.Model> Models, RunData? Data, IReadOnlyList<string> Problems)
{
    private const string ModelName = "model.safetensors";

    /// <summary>Some saved models with the same layers.</summary>
    /// <param name="Described">The experiment's description of the model; null for a model by itself.</param>
    /// <param name="Files">The number of each run, null for a model by itself, and its file.</param>
    public sealed record Model(ExperimentModel? Described, IReadOnlyList<(int? Run, string Path)> Files);

    /// <summary>Finds out what a path names.</summary>
    /// <exception cref="InputException">It names nothing that can be analysed.</exception>
    public static AnalysisTarget Find(string path)
    {
        if (File.Exists(path))
            return Alone(path);
        if (!Directory.Exists(path))
        {
            throw new InputException(
                $"{path}: there is no such file or folder; name a {ModelName}, or the folder of a run or of an experiment");
        }

        if (File.Exists(Path.Combine(path, "experiment.json")))
            return Experiment(path);
        string file = Path.Combine(path, ModelName);
        return File.Exists(file)
            ? Alone(file)
            : throw new InputException(
                $"{path}: holds neither {ModelName} nor experiment.json; name a {ModelName}, or the folder of a run or of " +
                $"an experiment");
    }

    private static AnalysisTarget Alone(string file) =>
        new(InputFile.IsPiped(file) ? null : Path.GetDirectoryName(Path.GetFullPath(file))!, [new Model(null, [(null, file)])],
            null, []);

    private static AnalysisTarget Experiment(string folder)
    {
        ExperimentRecords records = ExperimentRecords.Read(folder);
        var problems = new List<string>(records.Problems);
        var models = new List<Model>();
        RunData? data = null;
        foreach (ModelRecords model in records.FinishedModels)
        {
            RunData own = records.Description.DataOf(model.Model);
            // Variants may see other values of the same images, but one analysis is of one data set.
            if (!(data ??= own).IsSameAs(own with { Scale = data.Scale, Shift = data.Shift }))
            {
                problems.Add($"{model.Name}: was trained on {own.Name}, and the models before it on {data.Name}");
                continue;
            }
            var files = new List<(int? Run, string Path)>();
            foreach (RunRecord run in model.Finished)
            {
                string file = Path.Combine(ExperimentFolder.RunFolder(folder, model.Model, run.Number), ModelName);
                if (File.Exists(file))
                    files.Add((run.Number, file));
                else
                    problems.Add($"{file}: is missing");
            }
            if (files.Count > 0)
                models.Add(new Model(model.Model, files));
        }
        if (models.Count == 0)
            throw new InputException($"{folder}: no run with a saved model is finished; there is nothing to analyse yet");
        return new AnalysisTarget(folder, models, data, problems);
    }
}
