using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Runs;

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

    /// <summary>The software that began it.</summary>
    public RunVersions Versions { get; init; } = RunVersions.Current();

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; } = DateTimeOffset.UtcNow;

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
        if (!Data.IsSameAs(other.Data))
            throw Data.Mismatch(other.Data, folder);
        return this with
        {
            Models = [.. Models.UnionBy(other.Models, model => model.Network)],
            Runs = Math.Max(Runs, other.Runs),
            Training = Training,
            Options = null,
        };
    }

    /// <summary>Whether <see cref="With"/> another adds nothing.</summary>
    public bool Includes(ExperimentDescription other) =>
        other.Runs <= Runs && other.Models.All(asked => Models.Any(model => model.Network == asked.Network));

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
            _ = Expect.Network(model.Network, Data.Inputs, Data.Classes);
        foreach (Func<ExperimentModel, string> key in (Func<ExperimentModel, string>[])[model => model.Name,
            model => model.Folder])
        {
            if (Models.GroupBy(key).FirstOrDefault(models => models.Count() > 1) is { } twice)
                Expect.That(false, $"names the model or folder {twice.Key} twice");
        }
    }
}

/// <summary>One model of an experiment.</summary>
/// <param name="Name">The paper's name of the model, or the layers where it has none.</param>
/// <param name="Folder">Name of the folder that holds its runs.</param>
/// <param name="Network">The network, as <see cref="Gpu.Networks.Network.Parse"/> reads it.</param>
internal sealed record ExperimentModel(string Name, string Folder, string Network) : IChecked
{
    /// <summary>What the file of an experiment has.</summary>
    void IChecked.Check()
    {
        Expect.Name(Name);
        // A folder above or beside the experiment would mix in what does not belong to it.
        Expect.That(
            Folder is not ("" or "." or "..") && Path.GetFileName(Folder) == Folder,
            $"the folder of {Name} is \"{Folder}\"; expected the name of a folder in this one");
    }
}
