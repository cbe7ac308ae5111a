using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// What a path on the command line names: a saved model, a network of the zoo, the folder of a run, or that of an experiment.
/// </summary>
/// <param name="Folder">
/// The folder in which the results are put where none is named, for a network of the zoo the current one; null for what comes
/// from a pipe.
/// </param>
/// <param name="Models">The saved models, those of one model of an experiment together.</param>
/// <param name="Data">The data of the experiment; null for a model by itself.</param>
/// <param name="Problems">One line for each run of the experiment that is left out.</param>
internal sealed record AnalysisTarget(string? Folder,
    IReadOnlyList<AnalysisTarget.Model> Models, RunData? Data, IReadOnlyList<string> Problems)
{
    private const string ModelName = "model.safetensors", ExperimentName = "experiment.json";

    /// <summary>Some saved models with the same layers.</summary>
    /// <param name="Described">The experiment's description of the model; null for a model by itself.</param>
    /// <param name="Files">The number of each run, null for a model by itself, and its file.</param>
    public sealed record Model(ExperimentModel? Described, IReadOnlyList<(int? Run, string Path)> Files)
    {
        /// <summary>What it is called: the experiment's name, that of the paper, or its layers.</summary>
        /// <param name="plan">The network.</param>
        /// <param name="form">The form of OffsetL2 that goes without saying.</param>
        public string NameOf(NetworkPlan plan, OffsetL2Form form) =>
            Described?.Name ?? ModelList.Resolve([plan.Network.ToString()], plan.Classes, form)[0].Name;
    }

    /// <summary>The files from which results are made, and those that belong to them.</summary>
    public IEnumerable<string> Inputs => Models.SelectMany(model => model.Files).SelectMany(file => RunFiles.Around(file.Path))
        .Concat(Folder is null ? [] : [Path.Combine(Folder, ExperimentName)]);

    /// <summary>The data of the training; of a model that comes from a pipe, which is read only once, it is not known.</summary>
    /// <param name="path">What names the target, for messages.</param>
    /// <param name="isNamed">Whether the user names the network of a model by itself, whose file then need not.</param>
    /// <exception cref="InputException">A file of the model cannot be read.</exception>
    public TrainedData TrainedOn(string path, bool isNamed)
    {
        if (Data is not null)
            return TrainedData.Of(path, Data);
        string file = Models[0].Files[0].Path;
        return TrainedData.Of(file, !isNamed && Folder is not null ? SavedModel.Load(file).Describe() : null);
    }

    /// <summary>Finds out what a path names.</summary>
    /// <exception cref="InputException">It names nothing that can be analysed.</exception>
    public static AnalysisTarget Find(string path)
    {
        if (ModelZoo.IsNamedBy(path))
            return new(Environment.CurrentDirectory, [new Model(null, [(null, path)])], null, []);
        if (File.Exists(path))
            return Alone(path);
        if (!Directory.Exists(path))
        {
            string advice = ModelZoo.Find(path) is { } known
                ? $"the trained network is {known}"
                : $"name a {ModelName}, or the folder of a run or of an experiment";
            throw new InputException($"{path}: there is no such file or folder; {advice}");
        }

        if (File.Exists(Path.Combine(path, ExperimentName)))
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
