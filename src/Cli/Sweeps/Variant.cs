using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Sweeps;

/// <summary>One of the trainings that an experiment compares: the <c>train</c> that would do it.</summary>
/// <param name="train">The verb with its options.</param>
/// <param name="varied">The options whose values make it a variant, without the model; may be none.</param>
internal sealed class Variant(TrainVerb train, IReadOnlyList<Variation> varied)
{
    private TrainingSetup? _setup;

    /// <summary>The data that it asks for.</summary>
    public DatasetRequest Data { get; init; } = train.DatasetRequest;

    /// <summary>The data that it must have, where it repeats what was trained before; null where any will do.</summary>
    public TrainedData? Trained { get; init; }

    /// <summary>Its first run; after <see cref="Prepare"/>.</summary>
    public TrainingSetup Setup => _setup!;

    /// <summary>Checks what it asks for, as far as that goes without data.</summary>
    /// <exception cref="InputException">Something cannot be used; the message names the variant.</exception>
    public void Check() => InWords(train.Check);

    /// <summary>Makes it ready to be trained.</summary>
    /// <param name="dataset">Its data.</param>
    /// <param name="load">Reads a saved model.</param>
    /// <exception cref="InputException">Something does not suit the data; the message names the variant.</exception>
    public void Prepare(Dataset dataset, Func<string, SavedModel> load) => InWords(() =>
    {
        Trained?.CheckSame(dataset);
        _setup = train.SetUp(dataset, load);
    });

    /// <summary>Describes it.</summary>
    /// <param name="data">The data of the experiment; null where each variant has its own.</param>
    public ExperimentModel Describe(RunData? data)
    {
        ExperimentModel model = ModelList.Resolve([train.Model], Setup.Dataset.Classes, train.OffsetL2Form)[0];
        if (varied.Count == 0)
            return model;
        RunData own = RunData.Of(Setup.Dataset, Setup.TrainSamples);
        var values = varied.ToDictionary(variation => variation.Option.Key, variation => variation.Option.ValueIn(train));
        return ExperimentModel.Variant(model, values, Setup.Settings, data?.IsSameAs(own) == true ? null : own);
    }

    private void InWords(Action action)
    {
        try
        {
            action();
        }
        catch (InputException error) when (varied.Count > 0)
        {
            string values = string.Join(
                ", ", varied.Select(variation => $"{variation.Option.Key} {variation.Option.ValueIn(train)}"));
            throw new InputException($"the variant {values}: {error.Wording}", error);
        }
    }
}
