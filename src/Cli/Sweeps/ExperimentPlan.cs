using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Sweeps;

/// <summary>
/// What an experiment trains: each model with every combination of the values of the options that it varies. A variant is the
/// command line of <c>train</c> that would train it, read by the same code, so that every option is varied alike.
/// </summary>
internal sealed class ExperimentPlan
{
    /// <summary>The most variants: each has a folder and a row in tables.</summary>
    public const int MostVariants = 10_000;

    private const string ModelKey = "model";

    private static readonly VerbDescription Train = new(typeof(TrainVerb));

    private readonly Variant _common;
    private readonly IReadOnlyList<Variant> _variants;
    private readonly bool _variesData;
    private readonly (string File, ExperimentDescription Experiment)? _repeated;
    private readonly Dictionary<string, TrainingSetup> _setups = [];

    private ExperimentPlan(
        Variant common, IReadOnlyList<Variant> variants, bool variesData,
        (string File, ExperimentDescription Experiment)? repeated = null)
    {
        (_common, _variants, _variesData, _repeated) = (common, variants, variesData, repeated);
        foreach (Variant variant in variants)
            variant.Check();
    }

    /// <summary>The data that is needed, each once.</summary>
    public IReadOnlyList<DatasetRequest> Data => [.. _variants.Select(variant => variant.Data).Distinct()];

    /// <summary>The number of variants; two that are the same count twice.</summary>
    public int Count => _variants.Count;

    /// <summary>Plans an experiment.</summary>
    /// <param name="verb">The verb that was given, with the options that all variants have.</param>
    /// <param name="epochs">Epochs where they are not varied.</param>
    /// <param name="models">The models where they are not varied.</param>
    /// <param name="variations">What is varied.</param>
    /// <exception cref="InputException">An option cannot be used, or there are too many variants.</exception>
    public static ExperimentPlan Of(Verb verb, int epochs, IReadOnlyList<string> models, IReadOnlyList<Variation> variations)
    {
        CheckOnce(verb, variations);
        Variation[] others = [.. variations.Where(variation => variation.Option.Key != ModelKey)];
        models = variations.FirstOrDefault(variation => variation.Option.Key == ModelKey)?.Values ?? models;
        double count = others.Aggregate((double)models.Count, (product, variation) => product * variation.Values.Count);
        if (count > MostVariants)
        {
            string product = string.Join(
                " × ", others.Select(variation => variation.Values.Count).Prepend(models.Count).Select(size => $"{size:N0}"));
            throw new InputException(
                $"--vary: {product} are {count:N0} variants; expected {MostVariants:N0} at most");
        }

        string[] common = [.. CommonWords(verb, epochs, variations)];
        TrainVerb Read(string model, IEnumerable<string> words) =>
            (TrainVerb)VerbReader.Read(Train, [.. common, $"--model={model}", .. words]);
        IEnumerable<IReadOnlyList<string>> combinations = others.Aggregate(
            (IEnumerable<IReadOnlyList<string>>)[[]],
            (begun, variation) => begun.SelectMany(
                _ => variation.Values, (words, value) => (IReadOnlyList<string>)[.. words, .. variation.Words(value)]));
        return new ExperimentPlan(
            new Variant(Read(models[0], []), []),
            [.. models.SelectMany(model => combinations.Select(words => new Variant(Read(model, words), others)))],
            others.Any(variation => variation.Option.Declarer == typeof(DataOptionsVerb)));
    }

    /// <summary>Plans an experiment that was run before.</summary>
    /// <param name="file">The file that describes it, for messages.</param>
    /// <param name="repeated">What the file says.</param>
    /// <param name="asked">The data that the command line asks for, if it does.</param>
    /// <exception cref="InputException">Its data is no longer where it was, and nobody published it.</exception>
    public static ExperimentPlan Of(string file, ExperimentDescription repeated, DatasetRequest asked)
    {
        var names = new OptionNames(Train);
        Variant Repeat(ExperimentModel model)
        {
            // Every setting that can be chosen has an option of train.
            var words = repeated.TrainingOf(model).Values()
                .Where(value => value.Value.Length > 0 && names.Of(value.Setting) is not null)
                .Select(value => $"{names.Of(value.Setting)}={value.Value}");
            TrainedData trained = TrainedData.Of(file, repeated.DataOf(model));
            var train = (TrainVerb)VerbReader.Read(Train, [$"--model={model.Network}", .. words]);
            return new Variant(train, []) { Data = trained.Complete(asked), Trained = trained };
        }
        Variant[] variants = [.. repeated.Models.Select(Repeat)];
        return new ExperimentPlan(variants[0], variants, variesData: true, (file, repeated));
    }

    /// <summary>Describes the experiment.</summary>
    /// <param name="runs">Runs of each variant.</param>
    /// <param name="data">The data for each of <see cref="Data"/>.</param>
    /// <param name="load">Reads a saved model.</param>
    /// <exception cref="InputException">A network or an option does not suit its data.</exception>
    public ExperimentDescription Describe(
        int runs, IReadOnlyDictionary<DatasetRequest, Dataset> data, Func<string, SavedModel> load)
    {
        foreach (Variant variant in _variants)
            variant.Prepare(data[variant.Data], load);
        foreach (var alike in _variants.Select(variant => variant.Setup).GroupBy(setup => setup.Options.RateFactors))
            alike.Key.CheckFits(alike.Select(setup => setup.Plan));
        ExperimentDescription described = _repeated is var (file, repeated)
            ? DescribeAgain(file, repeated, runs)
            : DescribeNew(runs, data, load);
        var models = new List<ExperimentModel>();
        foreach (var (model, variant) in described.Models.Zip(_variants))
        {
            if (_setups.TryAdd(described.KeyOf(model), variant.Setup))
                models.Add(model);
        }
        return described with { Models = models };
    }

    private ExperimentDescription DescribeNew(
        int runs, IReadOnlyDictionary<DatasetRequest, Dataset> data, Func<string, SavedModel> load)
    {
        _common.Prepare(_variesData ? data[Data[0]] : data[_common.Data], load);
        RunData common = RunData.Of(_common.Setup.Dataset, _common.Setup.TrainSamples);
        return new ExperimentDescription
        {
            Models = [.. _variants.Select(variant => variant.Describe(_variesData ? null : common))],
            Runs = runs,
            Epochs = _common.Setup.Options.Epochs,
            Training = _common.Setup.Settings,
            Data = common,
        };
    }

    /// <summary>The same models, settings and data, wherever the data lies now.</summary>
    /// <exception cref="InputException">A file with initial parameters is no longer what it was.</exception>
    private ExperimentDescription DescribeAgain(string file, ExperimentDescription repeated, int runs)
    {
        var variants = repeated.Models.Zip(_variants.Select(variant => variant.Setup.Settings)).ToArray();
        foreach (var (model, settings) in variants)
        {
            if (repeated.TrainingOf(model).DifferenceTo(settings) is var (setting, was, now))
                throw new InputException($"{file}: {model.Name} was trained with {setting} {was}; here it is {now}");
        }
        RunData Here(RunData data) => _variants.Select(variant => RunData.Of(variant.Setup.Dataset, variant.Setup.TrainSamples))
            .FirstOrDefault(here => here.IsSameAs(data)) ?? data;
        return new ExperimentDescription
        {
            Models = [.. variants.Select(variant => variant.First with
            {
                Training = variant.First.Training is null ? null : variant.Second,
                Data = variant.First.Data is null ? null : Here(variant.First.Data),
            })],
            Runs = runs,
            Epochs = repeated.Epochs,
            Training = variants.FirstOrDefault(variant => variant.First.Training is null).Second ?? repeated.Training,
            Data = Here(repeated.Data),
        };
    }

    /// <summary>Sets up a run of a model that <see cref="Describe"/> has described, perhaps by another name.</summary>
    /// <param name="experiment">The experiment that the model is part of.</param>
    /// <param name="model">The model.</param>
    /// <param name="run">The run, from 0.</param>
    public TrainingSetup SetUp(ExperimentDescription experiment, ExperimentModel model, int run) =>
        _setups[experiment.KeyOf(model)].ForRun(run);

    /// <summary>The models of an experiment that are in this plan.</summary>
    public IReadOnlyList<ExperimentModel> ModelsIn(ExperimentDescription experiment)
    {
        var known = experiment.Models.ToDictionary(experiment.KeyOf);
        // In the order in which they were asked for, on which depends who of several processes has which.
        return [.. _setups.Keys.Select(key => known[key])];
    }

    /// <summary>What all variants have in common, as words of <c>train</c>.</summary>
    private static IEnumerable<string> CommonWords(Verb verb, int epochs, IReadOnlyList<Variation> variations)
    {
        foreach (VerbOption option in new VerbDescription(verb.GetType()).Options)
        {
            string value = option.Key == "epochs" ? $"{epochs}" : option.ValueIn(verb);
            bool isOfTrain = option.Key != "out" && Train.Options.Any(known => known.Key == option.Key);
            if (!isOfTrain || value.Length == 0 || variations.Any(variation => variation.Option.Key == option.Key))
                continue;
            if (!option.IsFlag)
                yield return $"{option.Name}={value}";
            else if (value == "true")
                yield return option.Name;
        }
    }

    /// <summary>Nothing is varied twice, nor varied and given.</summary>
    private static void CheckOnce(Verb verb, IReadOnlyList<Variation> variations)
    {
        foreach (var same in variations.GroupBy(variation => variation.Option.Key))
        {
            if (same.Count() > 1)
                throw new InputException($"--vary {same.Key}: given twice; give all its values once");
            string[] given = same.Key == ModelKey ? ["--models", "--experiment"] : [$"--{same.Key}"];
            if (given.FirstOrDefault(verb.IsGiven) is { } option)
                throw new InputException($"{option} and --vary {same.Key}: both give values; give one of them");
        }
    }
}
