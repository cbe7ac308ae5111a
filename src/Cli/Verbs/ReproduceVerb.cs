using CommandLine;
using IlgpuDistance.Cli.Configuration;
using IlgpuDistance.Cli.Slurm;
using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

[Verb("reproduce", HelpText = "Run the paper's experiments: many trainings, which can be stopped and go on.")]
internal sealed class ReproduceVerb : TrainingVerb
{
    private const string DefaultExperiment = "main";

    /// <summary>
    /// Processors of the CPU per training. Up to about here a training gains as much from another thread as the experiment
    /// from another training, with which each would finish later; with many threads, the sum of their gradients costs more than
    /// it saves.
    /// </summary>
    internal const int ThreadsPerJob = 4;

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

    /// <summary>The runs that this process has beside others; null where it has all.</summary>
    private Shard? Share { get; set; }

    /// <summary>The command line without what a file has added; null where there is no file.</summary>
    private IReadOnlyList<string>? _typed;

    /// <summary>The device for which a script is written.</summary>
    private string _scriptDevice = "";

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
        if (root.Entries.Any(entry => entry.Key == "format"))
        {
            ExperimentDescription described = RepeatedExperiment.Read(Config, this);
            var again = (ReproduceVerb)VerbReader.Read(
                Description, [.. RepeatedExperiment.WordsOf(described, Description), .. Arguments]);
            (again.Interruption, again.Repeated, again._typed) = (Interruption, described, Arguments);
            again.Runs ??= described.Runs;
            return again.RunExperiment();
        }
        var file = ConfigFile.Of(Description, root);
        try
        {
            var both = (ReproduceVerb)VerbReader.Read(Description, [.. file.WordsBeside(this), .. Arguments]);
            (both.Interruption, both._typed) = (Interruption, Arguments);
            both.VariedByFile = [.. file.VariationsBeside(this)];
            return both.RunExperiment();
        }
        catch (InputException error)
        {
            throw file.WithPlace(error, this);
        }
    }

    private int RunExperiment()
    {
        using IDisposable heeding = Interruption.Heed();
        ReadSize();
        CheckpointInterval interval = ReadCheckpointInterval();
        Share = ReadShare();
        ExperimentPlan plan = PlanExperiment();
        if (Sbatch is not null)
            _scriptDevice = MeasureHere();
        var (data, first) = LoadDatasetAndOpenDevice(plan.Data[0], Quiet);
        List<ExecutorFactory> executors = [first];
        try
        {
            ExperimentDescription wanted = plan.Describe(Runs!.Value, Load(plan.Data, data), LoadOnce());
            using ExperimentFolder folder =
                Share is null ? ExperimentFolder.Open(Out!, wanted) : ExperimentFolder.Share(Out!, wanted);
            IReadOnlyList<ExperimentModel> models = plan.ModelsIn(folder.Description);
            TrainingSetup SetUp(ExperimentModel model, int run) => plan.SetUp(folder.Description, model, run);
            IReadOnlyList<PlannedRun> planned =
                PlannedRun.Plan(folder.Path, models, Runs.Value, SetUp, RunDevice.Of(first), Share);
            PlannedRun[] runs = [.. planned.Where(run => run.Problem is null)];
            foreach (PlannedRun run in planned.Except(runs))
                Terminal.Warn($"left out: {run.Problem}");
            if (planned.Count == 0)
            {
                Terminal.Print($"share {Share} is empty: there are only {models.Count * Runs.Value} runs");
                return 0;
            }
            if (Sbatch is not null)
            {
                WriteBatchScript(runs, models, plan.HasOneData ? data.Dataset : null, executors, interval);
                return 0;
            }
            OpenMore(executors, runs.Count(run => run.Result is null));
            bool finished = runs.Length == 0
                || Train(new ExperimentRunner(executors, interval), runs, data, executors[0], executors.Count);
            void WritePage() => PageVerb.WritePageOf(folder.Path, data.Dataset, executors[0], OffsetL2Form, Interruption.Token);
            return finished ? Finish(folder, runs, planned.Count - runs.Length, WritePage) : Interruption.ExitCode;
        }
        finally
        {
            foreach (ExecutorFactory opened in executors)
                opened.Device.Dispose();
        }
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

    /// <summary>Where the GPU for which a script is written is not here, the processor measures in its place.</summary>
    /// <returns>The device for which the script is.</returns>
    private string MeasureHere()
    {
        string wanted = Device;
        try
        {
            ComputeDevice.Check(Device, Threads, ForceOpenCl);
        }
        catch (InputException error) when (DeviceSelector.Parse(Device).Kind is DeviceKind.Cuda or DeviceKind.OpenCL)
        {
            Terminal.Warn($"{Terminal.InWords(error)}; the times are measured on the processor of this machine instead");
            (Device, Executor) = ("cpu", null);
        }
        return wanted;
    }

    /// <summary>The option with a file that is found from any folder.</summary>
    private static string WithFullPath(string word) => word.StartsWith($"--{ConfigFile.ConfigKey}=", StringComparison.Ordinal)
        ? $"--{ConfigFile.ConfigKey}={Path.GetFullPath(word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..])}"
        : word;

    /// <summary>Measures with what a task will have, and writes the script.</summary>
    private void WriteBatchScript(IReadOnlyList<PlannedRun> runs, IReadOnlyList<ExperimentModel> models, Dataset? dataset,
        List<ExecutorFactory> executors, CheckpointInterval interval)
    {
        bool isHere = _scriptDevice == Device;
        ComputeDevice first = executors[0].Device;
        int threads = Threads ?? ThreadsPerJob;
        if (first.Kind == DeviceKind.Cpu && first.Threads != threads)
        {
            executors.Clear();
            first.Dispose();
            executors.Add(Open("cpu", threads, Executor));
        }
        var job = new ExperimentJob
        {
            Runs = runs,
            Models = models,
            RunsPerModel = Runs!.Value,
            Costs = new ExperimentRunner(executors, interval).Measure(runs.Where(run => run.Result is null), Interruption.Token),
            Dataset = dataset,
            // Without its number: a task sees its own GPU only.
            Device = isHere ? Lower(executors[0].Device.Kind) : _scriptDevice.Split(':')[0],
            Threads = isHere && executors[0].Device.Kind == DeviceKind.Cpu ? threads : null,
            Jobs = Jobs ?? 1,
            Tasks = Tasks,
            Folder = Out!,
            Options = [.. (_typed ?? Arguments).Select(WithFullPath)],
        };
        BatchScript script = job.ToScript();
        script.Write(Sbatch!);
        Terminal.Print(
            $"{Sbatch}: {script.Content} in {InNumber(script.Tasks, "task")} of about {Duration.Text(script.Seconds)} at most; " +
            $"\"bash {Sbatch}\" submits them, with a job for the report behind them");
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

    /// <summary>
    /// Opens the device once for each training at the same time; on the CPU the processors are divided among them.
    /// </summary>
    private void OpenMore(List<ExecutorFactory> executors, int runs)
    {
        ExecutorKind kind = executors[0].Kind;
        ComputeDevice first = executors[0].Device;
        bool isCpu = first.Kind == DeviceKind.Cpu;
        int processors = Environment.ProcessorCount;
        int jobs = Math.Clamp(runs, 1, Jobs ?? (isCpu ? Math.Max(1, processors / (Threads ?? ThreadsPerJob)) : 1));
        int? threads = !isCpu ? null : Threads ?? Math.Max(1, processors / jobs);
        if (isCpu && first.Threads != threads)
        {
            executors.Clear();
            first.Dispose();
        }
        Task<ExecutorFactory>[] opening = [.. Enumerable.Range(0, jobs - executors.Count).Select(_ =>
            Task.Run(() => Open(first.Selector, threads, kind)))];
        executors.AddRange(opening.Select(task => task.GetAwaiter().GetResult()));
    }

    /// <summary>Trains what is left, and says whether all runs are finished; otherwise it has been interrupted.</summary>
    private bool Train(ExperimentRunner runner, PlannedRun[] runs, ResolvedDataset data, ExecutorFactory executors, int jobs)
    {
        PlannedRun[] left = [.. runs.Where(run => run.Result is null)];
        if (!Quiet)
            PrintPlan(runs, data, executors, jobs);
        try
        {
            var estimate = new TimeEstimate(runs, runner.Measure(left, Interruption.Token), jobs);
            if (!Quiet && left.Length > 0)
                EstimateText.Print(runs, estimate);
            CheckpointRequests requests = Interruption.OfferCheckpoints("each training saves a checkpoint after its epoch");
            new ExperimentDisplay(runs, estimate, Quiet)
                .Show(
                    (report, token) =>
                    {
                        if (Share is null)
                            runner.Run(left, report, requests, token);
                        else
                            runner.RunShared(left, report, requests, token);
                    },
                    Interruption.Token);
        }
        catch (OperationCanceledException)
        {
            // During the measurement; what was finished before is told below.
        }
        catch (Exception error)
        {
            string message = $"{Terminal.InWords(error)}; {Finished(runs).Length} of {runs.Length} runs are finished and kept, " +
                "and the same command goes on";
            throw error is InputException ? new InputException(message, error) : new InvalidOperationException(message, error);
        }

        int finished = Finished(runs).Length;
        if (finished < runs.Length)
            Terminal.Tell($"interrupted: {finished} of {runs.Length} runs are finished; see {Out}; the same command goes on");
        return finished == runs.Length;
    }

    /// <summary>What is done when all runs are finished. Runs that diverged are a result, not a failure.</summary>
    private int Finish(ExperimentFolder folder, PlannedRun[] runs, int leftOut, Action writePage)
    {
        RunDescription[] finished = Finished(runs);
        int diverged = finished.Count(run => run.Outcome == TrainingOutcome.Diverged);
        Terminal.Print(
            $"{InRuns(finished.Length)} finished{(diverged == 0 ? "" : $", {diverged} of them diverged")}, " +
                $"{Duration.Text(finished.Sum(run => run.Seconds))} of training; see {folder.Path}");
        if (Share is not null && !Quiet)
            Terminal.Print($"share {Share} is done; \"ilgpu-distance report {folder.Path}\" reports on all that are");
        // Of an experiment without a single figure there is nothing to report.
        if (Share is null && diverged < finished.Length)
        {
            writePage();
            ReportVerb.WriteReport(folder.Path, output: null, Quiet);
        }
        if (leftOut == 0)
            return 0;
        Terminal.Fail($"{InRuns(leftOut)} left out: see the warnings above for what to do, and give the same command again");
        return 1;
    }

    private void PrintPlan(PlannedRun[] runs, ResolvedDataset data, ExecutorFactory executors, int jobs)
    {
        PrintHeading(data, executors, runs[0].Setup.Options, jobs == 1 ? "" : $", {jobs} trainings at the same time");
        ExperimentModel[] models = [.. runs.Select(run => run.Model).DistinctBy(model => model.Folder)];
        int kept = runs.Count(run => run.Result is not null),
            begun = runs.Count(run => run.Result is null && run.EpochsDone > 0);
        string before = (kept, begun) == (0, 0) ? "" : $"; {InRuns(kept)} finished before, {begun} to go on from a checkpoint";
        string each = models.Length == 1 ? "1 model" : $"each of {models.Length} models";
        string which = Share is null ? $"{InRuns(Runs!.Value)} of {each}"
            : $"share {Share}, {InRuns(runs.Length)} of {InNumber(models.Length, "model")},";
        Terminal.Print($"{which} with seed {Seed}, in {Out}{before}");
        foreach (string line in VariedText.LinesOf(models))
            Terminal.Print(line);
    }

    private static RunDescription[] Finished(IEnumerable<PlannedRun> runs) =>
        [.. runs.Select(run => run.Result ?? RunFolder.Find(run.Folder)).OfType<RunDescription>().Where(run => run.IsFinished)];

    private static string InRuns(int count) => InNumber(count, "run");

    private static string InNumber(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
