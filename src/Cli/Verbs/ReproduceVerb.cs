using CommandLine;
using IlgpuDistance.Cli.Configuration;
using IlgpuDistance.Cli.Experiments;
using IlgpuDistance.Cli.Slurm;
using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

[Verb("reproduce", HelpText = "Run the paper's experiments: many trainings, which can be stopped and go on.")]
internal sealed class ReproduceVerb : TrainingVerb
{
    private const string DefaultExperiment = "main";

    private static readonly VerbDescription Description = new(typeof(ReproduceVerb));

    [Option("experiment", MetaValue = "main|bias|offset-l2|all",
        HelpText = "The models of the paper's table 2, 3 or 5, or of all three. Default: main, unless --models names some.")]
    public string? Experiment { get; set; }

    [Option("models", MetaValue = "A,B,...", HelpText = "These models instead: names from the paper or layers.")]
    public string? Models { get; set; }

    [Option("preset", Default = "paper", MetaValue = "paper|paper-50k|quick",
        HelpText = "Size. paper: 20 runs of 5000 epochs; paper-50k: 20 of 50000; quick: 3 of 500.")]
    public string Preset { get; set; } = "";

    [Option("runs", MetaValue = "N",
        HelpText = "Trainings per model, each with its own initial weights. Default: what --preset says.")]
    public int? Runs { get; set; }

    [Option("epochs", MetaValue = "N", HelpText = "Epochs of each training. Default: what --preset says.")]
    public int? Epochs { get; set; }

    [Option("vary", MetaValue = "NAME=VALUES",
        HelpText = "Train each model with each of these values of an option of \"train\": a list (lr=0.01,0.1), a range " +
            "(lr=0.0001..0.1:*10, epochs=100..500:+100), alternatives (optimizer=momentum(0.8|0.9)). Given several " +
            "times: with every combination.")]
    public IEnumerable<string> Vary { get; set; } = [];

    [Option(ConfigFile.ConfigKey, MetaValue = "FILE",
        HelpText = "Take options from this .toml or .json file; those given here come first. Keys are the options' names, and " +
            "the table vary has what is varied. Also an experiment.json, whose experiment is repeated.")]
    public string? Config { get; set; }

    [Option(ConfigFile.SchemaKey, HelpText = "Print the JSON schema of files for --config, and do nothing else.")]
    public bool Schema { get; set; }

    [Option("out", MetaValue = "FOLDER",
        HelpText = "The folder of the results. An experiment that is there goes on: finished runs are kept, and more models " +
            "and runs can be added.")]
    public string? Out { get; set; }

    [Option("jobs", MetaValue = "N",
        HelpText = "Trainings at the same time, among which the CPU's threads are divided; results do not depend on it. " +
        "Default: one per four logical processors on the CPU, 1 elsewhere.")]
    public int? Jobs { get; set; }

    [Option("shard", MetaValue = "I/N|slurm|kubernetes/N",
        HelpText = "Train the I-th of N shares of the runs, counted from 1, beside processes with the other ones, in one " +
            "folder or in several that \"merge\" joins. slurm: the share of this task of a job array; kubernetes/N: that of " +
            "this pod of an indexed job.")]
    public string? Shard { get; set; }

    [Option("sbatch", MetaValue = "FILE",
        HelpText = "Train nothing, but write a script to this file that trains the experiment as a job array of Slurm, with a " +
            "job for the report behind it; \"bash FILE\" submits both.")]
    public string? Sbatch { get; set; }

    [Option("tasks", MetaValue = "N",
        HelpText = "Tasks of the job array of --sbatch. Default: as many as take about half an hour each, 1000 at most.")]
    public int? Tasks { get; set; }

    [Option("quiet", HelpText = "Print the last line only.")]
    public bool Quiet { get; set; }

    public override bool SavesResults => !Schema;

    /// <summary>What a file varies besides <see cref="Vary"/>.</summary>
    private IReadOnlyList<Variation> VariedByFile { get; set; } = [];

    /// <summary>The experiment that is repeated; null for a new one.</summary>
    private ExperimentDescription? Repeated { get; set; }

    public override int Run()
    {
        if (Schema)
        {
            Terminal.PrintData(ConfigSchema.Of(Description).TrimEnd());
            return 0;
        }
        if (Config is null)
            return RunExperiment();
        ConfigValue root = ConfigFile.Read(Config);
        return RepeatedExperiment.IsDescribedBy(root) ? Repeat(Config) : RunWith(ConfigFile.Of(Description, root));
    }

    private int Repeat(string file)
    {
        ExperimentDescription described = RepeatedExperiment.Read(file, this);
        ReproduceVerb again = WithWords(RepeatedExperiment.WordsOf(described, Description));
        again.Repeated = described;
        again.Runs ??= described.Runs;
        return again.RunExperiment();
    }

    private int RunWith(ConfigFile file)
    {
        try
        {
            ReproduceVerb both = WithWords(file.WordsBeside(this));
            both.VariedByFile = [.. file.VariationsBeside(this)];
            return both.RunExperiment();
        }
        catch (InputException error)
        {
            throw file.WithPlace(error, this);
        }
    }

    /// <summary>This verb with options besides those that were given.</summary>
    private ReproduceVerb WithWords(IEnumerable<string> words)
    {
        var both = (ReproduceVerb)VerbReader.Read(Description, [.. words, .. Arguments]);
        both.Interruption = Interruption;
        return both;
    }

    private int RunExperiment()
    {
        using IDisposable heeding = Interruption.Heed();
        ReadSize();
        CheckpointInterval interval = ReadCheckpointInterval();
        Shard? share = ReadShare();
        ExperimentPlan plan = PlanExperiment();
        ScriptRequest? script = Sbatch is null ? null : ScriptRequest.Of(this);
        var (data, first) = LoadDatasetAndOpenDevice(plan.Data[0], Quiet);
        using var devices = new ExperimentDevices(this, first);
        ExperimentDescription wanted = plan.Describe(Runs!.Value, Load(plan.Data, data), LoadOnce()) with
        {
            Executor = first.IsDefault ? null : first.Kind,
        };
        using ExperimentFolder folder =
            share is null ? ExperimentFolder.Open(Out!, wanted) : ExperimentFolder.Share(Out!, wanted);
        IReadOnlyList<ExperimentModel> models = plan.ModelsIn(folder.Description);
        TrainingSetup SetUp(ExperimentModel model, int run) => plan.SetUp(folder.Description, model, run);
        IReadOnlyList<PlannedRun> planned =
            PlannedRun.Plan(folder.Path, models, Runs.Value, SetUp, RunDevice.Of(first), share);
        if (planned.Count == 0)
        {
            Terminal.Print($"share {share} is empty: there are only {models.Count * Runs.Value} runs");
            return 0;
        }
        WarnOfEqualRuns(planned);
        var training = new ExperimentTraining(this, share, planned);
        if (script is null)
            return training.Run(folder, data, devices, interval);
        if (training.Runs.Length == 0)
            throw new InputException($"{Out}: no run is left to train; see the warnings above");
        script.Write(folder, wanted, training.Runs, models, devices, interval);
        return 0;
    }

    /// <summary>What takes part is one of several; so is what only writes a script for them, and has all runs.</summary>
    private Shard? ReadShare()
    {
        if (Tasks is not null && Sbatch is null)
            throw new InputException("--tasks: is about the job array of --sbatch, which is missing");
        if (Tasks < 1)
            throw new InputException($"--tasks {Tasks}: expected 1 or more");
        if (Sbatch is null)
            return Shard is null ? null : ShardText.Parse(Shard, Environment.GetEnvironmentVariable);
        if (Shard is not null)
            throw new InputException("--shard and --sbatch: the script gives each task a share; leave out --shard");
        BatchScript.Check(Sbatch);
        return new Shard(1, 1);
    }

    /// <summary>The size of the experiment, and the folder for it.</summary>
    private void ReadSize()
    {
        Preset preset = Training.Experiments.Preset.Find(Preset);
        Runs ??= preset.Runs;
        Epochs ??= preset.Epochs;
        if (Runs < 1)
            throw new InputException($"--runs {Runs}: expected 1 or more");
        if (Jobs < 1)
            throw new InputException($"--jobs {Jobs}: expected 1 or more");
        if (Out is null)
        {
            throw new InputException(
                "reproduce: name the folder for the results with --out; the same folder again goes on with them");
        }

        OutputFolder.Check(Out);
    }

    private ExperimentPlan PlanExperiment()
    {
        var plan = Repeated is not null
            ? ExperimentPlan.Of(Config!, Repeated, DatasetRequest)
            : ExperimentPlan.Of(this, Epochs!.Value, ModelNames(), [.. VariedByFile, .. Vary.Select(Variation.Parse)]);
        long runs = (long)Runs!.Value * plan.Count;
        return runs <= ExperimentDescription.MostRuns ? plan : throw new InputException(
            $"--runs {Runs}: {Runs:N0} runs of each of {plan.Count:N0} variants are {runs:N0}; expected " +
            $"{ExperimentDescription.MostRuns:N0} at most");
    }

    /// <summary>The data for each request, the first of which is there.</summary>
    private Dictionary<DatasetRequest, Dataset> Load(IReadOnlyList<DatasetRequest> requests, ResolvedDataset first) =>
        requests.ToDictionary(
            request => request, request => request == requests[0] ? first.Dataset : LoadDataset(request, Quiet).Dataset);

    /// <summary>Reads each saved model once.</summary>
    private static Func<string, SavedModel> LoadOnce()
    {
        var models = new Dictionary<string, SavedModel>();
        return init => models.TryGetValue(init, out SavedModel? known) ? known : models[init] = TrainVerb.LoadStart(init);
    }

    private IReadOnlyList<string> ModelNames()
    {
        if (Models is null)
            return PaperExperiment.Find(Experiment ?? DefaultExperiment).Models;
        return Experiment is null
            ? ModelList.Split(Models)
            : throw new InputException("--experiment and --models: both say which models; give one of them");
    }

    /// <summary>Where full batches begin with a saved model, nothing is left to chance: all runs of a model are one.</summary>
    private void WarnOfEqualRuns(IReadOnlyList<PlannedRun> runs)
    {
        if (Runs > 1 && runs.FirstOrDefault(run => !run.Setup.IsRandom) is { } equal)
        {
            Terminal.Warn(
                $"{equal.Model.Name}: full batches from a saved model leave nothing to chance, so that all its runs are the " +
                "same; give --runs 1, or a --batch-size");
        }
    }
}
