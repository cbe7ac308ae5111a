using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// What an experiment is: the content of <c>experiment.json</c>. The results lie beside it, one folder for each model and
/// run, <see cref="ExperimentFolder.RunFolder"/>, with what <see cref="RunFolder"/> writes. Not all runs need be there: an
/// experiment can be stopped, and be asked for some of its models or runs only.
/// </summary>
internal sealed record ExperimentDescription : IChecked
{
    /// <summary>The most runs of a model: each has a folder, and a plan in memory.</summary>
    public const int MostRuns = 1_000_000;

    /// <summary>Version of the layout of the folder.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The models, in the order in which tables show them.</summary>
    public required IReadOnlyList<ExperimentModel> Models { get; init; }

    /// <summary>Trainings per model, each with other initial weights.</summary>
    public required int Runs { get; init; }

    /// <summary>Epochs of each training.</summary>
    public required int Epochs { get; init; }

    /// <summary>How each is trained.</summary>
    public TrainingSettings Training
    {
        get => field ??= OldOptions.ToSettings(Options ?? [], Epochs);
        init;
    }

    /// <summary>What older versions wrote in place of <see cref="Training"/>.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal Dictionary<string, JsonElement>? Options { get; init; }

    /// <summary>The data.</summary>
    public required RunData Data { get; init; }

    /// <summary>
    /// How networks run on the device, which decides bits, too; null where that is as the device does it by itself, and from
    /// versions that did not keep it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExecutorKind? Executor { get; init; }

    /// <summary>The same as users write it; empty where it is null.</summary>
    [JsonIgnore]
    public string ExecutorText => Executor?.ToString().ToLowerInvariant() ?? "";

    /// <summary>The software that began it.</summary>
    public RunVersions Versions { get; init; } = RunVersions.Current();

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Whether it has variants, for which some options have other values.</summary>
    [JsonIgnore]
    public bool IsSweep => Models.Any(model => model.Varied is not null);

    /// <summary>The numbers of epochs of its models, ascending.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> EpochCounts => [.. Models.Select(EpochsOf).Distinct().Order()];

    /// <summary>The data sets of its models, by name.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> DataNames => [.. Models.Select(model => DataOf(model).Name).Distinct()];

    /// <summary>The fewest images on which one of its models is tested.</summary>
    [JsonIgnore]
    public int FewestTests => Models.Min(model => DataOf(model).TestCount);

    /// <summary>How a model is trained.</summary>
    public TrainingSettings TrainingOf(ExperimentModel model) => model.Training ?? Training;

    /// <summary>The data of a model.</summary>
    public RunData DataOf(ExperimentModel model) => model.Data ?? Data;

    /// <summary>The number of epochs for which a model is trained.</summary>
    public int EpochsOf(ExperimentModel model) => model.Training?.Options.Epochs ?? Epochs;

    /// <summary>
    /// What tells models apart: all that decides what is trained, and which options make it a variant. Two texts of the same
    /// value, as 0.1 and 1e-1, are one.
    /// </summary>
    public string KeyOf(ExperimentModel model)
    {
        RunData data = DataOf(model);
        return string.Join(
            '\n',
            [
                model.Network,
                FormattableString.Invariant($"{data.Name} {data.Scale:R} {data.Shift:R}"),
                .. data.Md5.Select(file => $"{file.Key} {file.Value}").Order(StringComparer.Ordinal),
                .. TrainingOf(model).Key,
                .. (model.Varied?.Keys ?? []).Order(StringComparer.Ordinal),
            ]);
    }

    /// <summary>
    /// This experiment with the models and runs that another asks for besides. No run depends on which others there are, so
    /// that more of them change nothing about those that are done.
    /// </summary>
    /// <param name="other">What is asked for.</param>
    /// <param name="folder">The folder of this experiment, for messages.</param>
    /// <exception cref="InputException">The other differs in something that decides results; the message names it.</exception>
    public ExperimentDescription With(ExperimentDescription other, string folder)
    {
        Training.CheckSame(other.Training, folder);
        if (Executor != other.Executor)
            throw TrainingSettings.Different(DeviceSettings.Executor, ExecutorText, other.ExecutorText, folder);
        // Variants that name their data do not have the experiment's.
        if (other.Models.Any(model => model.Data is null) && !Data.IsSameAs(other.Data))
            throw Data.Mismatch(other.Data, folder);
        var asked = other.Models.ToDictionary(model => model.Folder);
        foreach (ExperimentModel own in Models)
        {
            if (!asked.TryGetValue(own.Folder, out ExperimentModel? model))
                continue;
            // A name of the paper stands for other layers in another form of OffsetL2.
            if (own.Network != model.Network)
                throw TrainingSettings.Different(Settings.Model, own.Network, model.Network, folder);
            TrainingOf(own).CheckSame(other.TrainingOf(model), folder);
        }
        // What both say alike, one of them may say without the SHA-256 of a file.
        ExperimentDescription both = this with
        {
            Models = [.. Models.Select(own => asked.GetValueOrDefault(own.Folder) is { Training: not null } model
                ? own with { Training = TrainingSettings.Fuller(TrainingOf(own), model.Training) }
                : own)],
            Runs = Math.Max(Runs, other.Runs),
            Training = TrainingSettings.Fuller(Training, other.Training),
            Options = null,
        };
        return both with
        {
            Models = [.. both.Models.Select(model => (Model: model, Key: both.KeyOf(model)))
                .UnionBy(other.Models.Select(model => (Model: model, Key: other.KeyOf(model))), pair => pair.Key)
                .Select(pair => pair.Model)],
        };
    }

    /// <summary>Whether <see cref="With"/> another adds nothing.</summary>
    public bool Includes(ExperimentDescription other) =>
        other.Runs <= Runs && other.Models.Select(other.KeyOf).ToHashSet().IsSubsetOf(Models.Select(KeyOf));

    /// <summary>What the file of an experiment has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Models);
        Expect.Valid(Data);
        Expect.That(Format == 1, $"has format {Format}; this version of the program reads format 1");
        Expect.InRange(Runs, 1, MostRuns);
        Expect.InRange(Epochs, 0);
        Expect.Valid(Training);
        Expect.Length(Models.Count);
        foreach (ExperimentModel model in Models)
            _ = Expect.Network(model.Network, DataOf(model).Inputs, DataOf(model).Classes);
        foreach (Func<ExperimentModel, string> key in (Func<ExperimentModel, string>[])[model => model.Name,
            model => model.Folder])
        {
            if (Models.GroupBy(key).FirstOrDefault(models => models.Count() > 1) is { } twice)
                Expect.That(false, $"names the model or folder {twice.Key} twice");
        }
    }
}
