using System.Text.Json.Serialization;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// One of the things that an experiment compares: a model trained as the experiment says, or a variant of it, for which some
/// options have other values.
/// </summary>
/// <param name="Name">The model, see <see cref="Title"/>, and the values of its options: <c>ReLU, lr 0.01</c>.</param>
/// <param name="Folder">Name of the folder that holds its runs.</param>
/// <param name="Network">The network, as <see cref="Gpu.Networks.Network.Parse"/> reads it.</param>
internal sealed record ExperimentModel(string Name, string Folder, string Network) : IChecked
{
    /// <summary>The model without the values of its options; null where that is <see cref="Name"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>The options whose values make this variant, in the order in which they were given; null where there are
    /// none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Varied { get; init; }

    /// <summary>How it is trained; null where that is how the experiment trains.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainingSettings? Training { get; init; }

    /// <summary>Its data; null where they are the experiment's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunData? Data { get; init; }

    /// <summary>The paper's name of the model, or the layers where it has none.</summary>
    [JsonIgnore]
    public string Title => Model ?? Name;

    /// <summary>A variant of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="varied">The options and their values; at least one.</param>
    /// <param name="training">How the variant is trained.</param>
    /// <param name="data">Its data; null where they are the experiment's.</param>
    public static ExperimentModel Variant(
        ExperimentModel model, IReadOnlyDictionary<string, string> varied, TrainingSettings training, RunData? data)
    {
        string name = $"{model.Name}, {string.Join(", ", varied.Select(option => $"{option.Key} {option.Value}"))}";
        return new ExperimentModel(name, ModelList.FolderOf(name, $"{model.Network}\n{name}"), model.Network)
        {
            Model = model.Name,
            Varied = varied,
            Training = training,
            Data = data,
        };
    }

    /// <summary>What the file of an experiment has.</summary>
    void IChecked.Check()
    {
        Expect.Name(Name);
        Expect.Name(Title);
        Expect.Valid(Training);
        Expect.Valid(Data);
        foreach (var (option, value) in Varied ?? new Dictionary<string, string>())
        {
            Expect.Name(option);
            Expect.That(value == Words.VisibleText.OneLine(value), $"the value of {option} has control characters");
        }
        // A folder above or beside the experiment would mix in what does not belong to it.
        Expect.That(
            Folder is not ("" or "." or "..") && Path.GetFileName(Folder) == Folder,
            $"the folder of {Name} is \"{Folder}\"; expected the name of a folder in this one");
    }
}
