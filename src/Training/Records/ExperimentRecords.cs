using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Records;

/// <summary>
/// All that an experiment's folder records, read and checked. Runs that have not ended are counted; runs whose files are
/// damaged or do not belong to the experiment are left out, each with a line that says why.
/// </summary>
internal sealed record ExperimentRecords
{
    private const string DescriptionName = "experiment.json";

    /// <summary>The tolerance between an accuracy and its figure in metrics.csv, which has four decimals.</summary>
    private const double RoundedAccuracy = 1e-4;

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>What the experiment is.</summary>
    public required ExperimentDescription Description { get; init; }

    /// <summary>The models in the experiment's order, also those of which nothing is finished.</summary>
    public required IReadOnlyList<ModelRecords> Models { get; init; }

    /// <summary>One line for each run that was left out: the file, and what is wrong with it.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The models of which at least one run is finished.</summary>
    public IEnumerable<ModelRecords> FinishedModels => Models.Where(model => model.Finished.Count > 0);

    /// <summary>
    /// These records without the models that have no place in a figure or table: of those of which a run is finished only so many
    /// are left, those with the best mean test accuracies, in the experiment's order.
    /// </summary>
    /// <param name="most">The number of models that have a place.</param>
    public ExperimentRecords Best(int most)
    {
        ModelRecords[] finished = [.. FinishedModels];
        if (finished.Length <= most)
            return this;
        var best = finished.OrderByDescending(model => model.TestAccuracy!.Mean).Take(most);
        return this with { Models = [.. finished.Intersect(best)] };
    }

    /// <summary>These records without the runs of which only the final figures are known.</summary>
    public ExperimentRecords WithCurves => this with { Models = [.. Models.Select(model => model.WithCurves)] };

    /// <summary>The records of a model, or null where it is not in the experiment or nothing of it is finished.</summary>
    public ModelRecords? Find(string name) => FinishedModels.FirstOrDefault(model => model.Name == name);

    /// <summary>
    /// Reads the folder of an experiment, or of a single run, which is an experiment with one model and one run.
    /// </summary>
    /// <exception cref="InputException">The folder or its experiment.json or run.json is missing or cannot be used.</exception>
    public static ExperimentRecords Read(string folder)
    {
        if (!File.Exists(Path.Combine(folder, DescriptionName)) && Directory.Exists(folder) && RunFolder.Find(folder) is { } run)
            return OfRun(folder, run);
        ExperimentDescription description = ReadDescription(folder);
        var problems = new List<string>();
        return new ExperimentRecords
        {
            Folder = folder,
            Description = description,
            Models = [.. description.Models.Select(model => ReadModel(folder, description, model, problems))],
            Problems = problems,
        };
    }

    private static ExperimentDescription ReadDescription(string folder)
    {
        const string Advice = "name the folder of an experiment or of a run";
        if (File.Exists(folder))
            throw new InputException($"{folder}: is a file; {Advice}");
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: there is no such folder; {Advice}");
        if (ExperimentFolder.Find(folder) is { } description)
            return description;
        throw new InputException($"{folder}: holds neither {DescriptionName} nor run.json; {Advice}");
    }

    private static ExperimentRecords OfRun(string folder, RunDescription run)
    {
        string name = ModelList.Resolve([run.Model], run.Data.Classes, OffsetL2Form.Paper)[0].Name;
        var model = new ExperimentModel(name, Path.GetFileName(Path.GetFullPath(folder)), run.Model);
        var description = new ExperimentDescription
        {
            Models = [model],
            Runs = 1,
            Epochs = run.Final?.Epoch ?? 0,
            Training = run.Training,
            Data = run.Data,
            Versions = run.Versions,
            Started = run.Started,
        };
        var diverged = new SortedDictionary<int, string>();
        RunRecord? record = ReadRun(folder, run.Run, description, model, diverged);
        return new ExperimentRecords
        {
            Folder = folder,
            Description = description,
            Models =
            [
                new ModelRecords
                {
                    Model = model,
                    Finished = record is null ? [] : [record],
                    Diverged = diverged,
                    Damaged = 0,
                    Missing = record is null && diverged.Count == 0 ? 1 : 0,
                },
            ],
            Problems = [],
        };
    }

    private static ModelRecords ReadModel(
        string folder, ExperimentDescription description, ExperimentModel model, List<string> problems)
    {
        var finished = new List<RunRecord>();
        var diverged = new SortedDictionary<int, string>();
        int damaged = 0;
        foreach (var (number, path) in ExperimentFolder.RunsOf(folder, model))
        {
            try
            {
                if (ReadRun(path, number, description, model, diverged) is { } run)
                    finished.Add(run);
            }
            catch (InputException error)
            {
                problems.Add(error.Message);
                damaged++;
            }
        }
        return new ModelRecords
        {
            Model = model,
            Finished = finished,
            Diverged = diverged,
            Damaged = damaged,
            Missing = Math.Max(0, description.Runs - finished.Count - diverged.Count - damaged),
        };
    }

    /// <summary>Reads a run; null where it has not ended, or has diverged, which is noted.</summary>
    private static RunRecord? ReadRun(
        string folder, int number, ExperimentDescription description, ExperimentModel model,
        SortedDictionary<int, string> diverged)
    {
        string path = Path.Combine(folder, "run.json"), metricsPath = Path.Combine(folder, "metrics.csv");
        if (RunFolder.Find(folder) is not { } run)
            return null;
        InputException Wrong(string problem) => new($"{path}: {problem}");
        if (run.Model != model.Network)
            throw Wrong($"trained {run.Model} where {DescriptionName} has {model.Network}");
        if (model.Training is { } training && training.DifferenceTo(run.Training) is var (setting, wanted, found))
            throw Wrong($"trained with {setting} {found} where {DescriptionName} has {wanted}");
        if (!IsSame(run.Data, description.DataOf(model)))
            throw Wrong($"trained on other data than {DescriptionName} names, or on other pixels of it");
        if (run.Outcome == TrainingOutcome.Diverged)
        {
            diverged[number] = run.Reason ?? "no reason was recorded";
            return null;
        }
        if (run.Outcome != TrainingOutcome.Completed)
            return null;

        int epochs = description.EpochsOf(model);
        if (run.Final is { } last && last.Epoch != epochs)
            throw Wrong($"was trained for {Numbers.Of(last.Epoch, "epoch")} where {DescriptionName} has {Numbers.Count(epochs)}");
        if (run.Final is not { TestAccuracy: { } accuracy } final)
            throw Wrong($"lacks the final test accuracy of epoch {epochs}");
        if (RunResults.Change(folder, run) is { } change)
            throw new InputException($"{folder}: {change}");
        var (losses, trainAccuracies, testAccuracies) = MetricsReader.Read(metricsPath, epochs, run.IsThinned);
        // Not "greater than": NaN, an accuracy that metrics.csv lacks, must not pass.
        if (!(Math.Abs(testAccuracies[^1] - accuracy) <= RoundedAccuracy))
            throw Wrong($"the final test accuracy is {Number(accuracy)}, but {Number(testAccuracies[^1])} in metrics.csv");
        return new RunRecord
        {
            Number = number,
            Final = final,
            Seconds = run.Seconds,
            Device = $"{run.Device.Name}, {run.Device.Executor.ToString().ToLowerInvariant()} executor" +
                (run.Device.Threads is { } threads ? $", {Numbers.Of(threads, "thread")}" : ""),
            Losses = losses,
            TrainAccuracies = trainAccuracies,
            TestAccuracies = testAccuracies,
            Defect = run.Defect,
            ModelSha256 = run.Sha256?.GetValueOrDefault(RunFiles.Model),
        };
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsSame(RunData a, RunData b) =>
        (a.Name, a.TrainCount, a.TestCount, a.Inputs, a.Classes, a.Scale, a.Shift) ==
        (b.Name, b.TrainCount, b.TestCount, b.Inputs, b.Classes, b.Scale, b.Shift)
        && a.Md5.Values.Order(StringComparer.Ordinal).SequenceEqual(b.Md5.Values.Order(StringComparer.Ordinal));
}
