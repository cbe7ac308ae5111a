using System.Globalization;
using CommandLine;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.TensorBoard;

namespace IlgpuDistance.Cli.Verbs;

[Verb("train", HelpText = "Train a network, and save it with its metrics.")]
internal sealed class TrainVerb : TrainingVerb
{
    private const int DefaultHistogramEvery = 10;

    [Option("model", Default = "Abs-L2-Neg", MetaValue = "MODEL",
        HelpText = "A name from the paper, e.g. ReLU2-Neg, or layers, e.g. \"linear(64) > abs > linear(10)\".")]
    public string Model { get; set; } = "";

    [Option("epochs", Default = 500, MetaValue = "N",
        HelpText = "Epochs; the paper trains 5000 and 50000. 0 only evaluates the untrained network.")]
    public int Epochs { get; set; }

    [Option("run", Default = 0, MetaValue = "N",
        HelpText = "Which of the runs that \"reproduce\" makes with this seed; each has its own initial weights.")]
    public int RunNumber { get; set; }

    [Option("init", MetaValue = "FILE",
        HelpText = "Begin with the parameters of this safetensors file, of the run in this folder, or of zoo:NAME, instead of " +
            "random ones.")]
    public string? Init { get; set; }

    [Option("out", MetaValue = "FOLDER", HelpText =
        "Write run.json, metrics.csv, model.safetensors and learning-curve.png to this folder. Default: write nothing.")]
    public string? Out { get; set; }

    [Option("tensorboard", MetaValue = "FOLDER",
        HelpText = "Write events for TensorBoard to this folder: loss, accuracies, and histograms of the parameters.")]
    public string? TensorBoardFolder { get; set; }

    [Option("tensorboard-every", MetaValue = "N",
        HelpText = "Write histograms to the folder of --tensorboard every N epochs, and after the last. Default: 10.")]
    public int? HistogramEvery { get; set; }

    [Option("force", HelpText = "Replace a run that is in the folder of --out, and events in that of --tensorboard.")]
    public bool Force { get; set; }

    [Option("resume",
        HelpText = "Go on with the run in the folder of --out that was killed or interrupted, or that is now to have more " +
        "epochs; begin it where there is none.")]
    public bool Resume { get; set; }

    [Option("quiet", HelpText = "Print the last line only.")]
    public bool Quiet { get; set; }

    public override bool SavesResults => Out is not null;

    public override int Run()
    {
        // From here on everything ends by itself; also after the last epoch, because one Ctrl-C can arrive twice.
        using IDisposable heeding = Interruption.Heed();
        // Before the data, which may be a download, and before the training, whose result would have no place.
        Check();
        CheckpointInterval interval = ReadCheckpointInterval();
        SavedModel? start = Init is null ? null : LoadStart(Init);
        CheckOut();

        var (data, executors) = LoadDatasetAndOpenDevice(Quiet);
        using ComputeDevice opened = executors.Device;
        TrainingSetup setup = SetUp(data.Dataset, _ => start!);
        setup.Options.RateFactors.CheckFits(setup.Plan);
        RunDescription description = Waiting.For("preparing the data", Quiet, () => setup.Describe(RunDevice.Of(executors)));
        RunProgress? progress = Resume ? RunProgress.Find(Out!, warn: _ => { }) : null;
        if (progress is not null)
        {
            progress.CheckLeadsTo(description);
            if (progress.IsEndOf(description))
                return Repeat(progress.Begun);
        }

        // Before the folder: a network that does not fit leaves nothing there.
        using IExecutor executor = executors.Create(setup.Plan);
        using EventFolder? eventFolder = TensorBoardFolder is null ? null
            : EventFolder.Take(TensorBoardFolder, joins: progress is not null, Force);
        using RunFolder? folder = Out is null ? null
            : Resume ? RunFolder.Resume(Out, description, Terminal.Warn)
            : RunFolder.Begin(Out, Force, description);
        if (!Quiet)
            PrintHeading(setup.Plan, data, executors, setup.Options, folder?.State);
        using TensorBoardLog? events = eventFolder is null ? null : TensorBoardLog.Begin(
            eventFolder, setup.Plan, HistogramEvery ?? DefaultHistogramEvery, Epochs, folder?.State?.Epoch ?? 0,
            progress is null ? [] : MetricsReader.Records(progress.Metrics));
        using TrainingSession session = Waiting.For(
            "preparing the training", Quiet, () => new TrainingSession(setup, executor, folder, interval, events));
        Train(session);
        Trainer trainer = session.Trainer;
        try
        {
            session.Complete();
            if (Out is not null)
                DrawCurve();
        }
        finally
        {
            // Whoever waited for the figures gets them even if the disk is full.
            if (trainer.Divergence is null && trainer.FindDefect() is { } defect)
                Terminal.Warn($"{defect}; try a smaller --lr, or another --seed");
            PrintEnd(trainer.Outcome, trainer.Divergence, trainer.Last!, trainer.Seconds);
        }
        return ExitCode(trainer.Outcome);
    }

    /// <summary>Adds the picture of the learning curve to what is saved; without it everything else is there.</summary>
    private void DrawCurve()
    {
        try
        {
            RunPicture.Write(Out!);
        }
        catch (Exception error) when (error is IOException or InputException or PlatformNotSupportedException)
        {
            Terminal.Warn(Terminal.InWords(error));
        }
    }

    /// <summary>Checks that what is to be written has a place.</summary>
    private void CheckOut()
    {
        if (Resume && Out is null)
            throw new InputException("--resume: name the folder of the run with --out");
        if (Resume && Force)
            throw new InputException("--resume and --force: one goes on with a run, the other replaces it; give one of them");
        if (HistogramEvery is not null && TensorBoardFolder is null)
            throw new InputException("--tensorboard-every: name the folder of the events with --tensorboard");
        TensorBoardLog.Check(HistogramEvery ?? DefaultHistogramEvery);
        if (Out is not null && Resume)
            OutputFolder.Check(Out);
        else if (Out is not null)
            RunFolder.CheckFree(Out, Force);
        // What --resume begins is no part of the training whose events are there.
        if (TensorBoardFolder is not null)
            EventFolder.Check(TensorBoardFolder, isFree: Force || (Resume && RunFolder.Find(Out!) is not null));
    }

    /// <summary>Checks what is to be trained, as far as that goes without the data.</summary>
    /// <exception cref="InputException">An option cannot be used.</exception>
    internal void Check()
    {
        _ = ReadOptions(Epochs, RunNumber);
        PaperModels.Check(Model);
    }

    /// <summary>Reads the model to begin with.</summary>
    /// <param name="init">What --init names.</param>
    /// <exception cref="InputException">It cannot be used.</exception>
    internal static SavedModel LoadStart(string init) => RunResults.LoadModel(SavedModel.FileOf(init), Terminal.Warn);

    /// <summary>What the options say to train.</summary>
    /// <param name="dataset">The data.</param>
    /// <param name="load">Reads the model that --init names.</param>
    /// <exception cref="InputException">The network or an option does not suit the data.</exception>
    internal TrainingSetup SetUp(Dataset dataset, Func<string, SavedModel> load)
    {
        TrainingOptions options = ReadOptions(Epochs, RunNumber);
        options.Check(dataset.Train.Count);
        var network = PaperModels.Resolve(Model, dataset.Classes, OffsetL2Form);
        var plan = NetworkPlan.Compile(network, dataset.Train.PixelsPerImage, dataset.Classes);
        SavedModel? start = Init is null ? null : load(Init);
        return new TrainingSetup
        {
            Plan = plan,
            Dataset = dataset,
            InputScale = InputScale,
            Options = options,
            InitialParameters = start?.ParametersFor(plan),
            InitialModel = Init is null ? null : SavedModel.FullPathOf(Init),
            InitialModelSha256 = start?.Sha256,
        };
    }

    /// <summary>Says again how a run ended that needs no more training.</summary>
    private int Repeat(RunDescription finished)
    {
        RunFolder.Tidy(Out!);
        if (!Quiet)
            Terminal.Print($"{Out}: this run has come to its end");
        PrintEnd(finished.Outcome, finished.Reason, finished.Final!, finished.Seconds);
        return ExitCode(finished.Outcome);
    }

    private void Train(TrainingSession session)
    {
        using CancellationTokenRegistration notice = Interruption.Token.Register(() =>
        {
            if (!Quiet && Terminal.Output.Profile.Out.IsTerminal)
            {
                // The blanks cover what the live table had in this line.
                Terminal.Print("Ends after this epoch; Ctrl-C again ends at once.".PadRight(Terminal.Output.Profile.Width - 1));
            }
        });
        CheckpointRequests requests = Interruption.OfferCheckpoints(
            Out is null ? "nothing is saved without --out" : "a checkpoint is saved after this epoch");
        IEnumerable<EpochRecord> records = session.Run(requests, Interruption.Token);
        if (Quiet)
            foreach (EpochRecord _ in records) { }
        else
            new TrainingDisplay(Epochs).Show(records);
    }

    private void PrintHeading(NetworkPlan plan, ResolvedDataset data, ExecutorFactory executors, TrainingOptions options,
        TrainingState? state)
    {
        string from = state is not null ? $"as they were after epoch {state.Epoch}" : Init is not null ? $"from {Init}"
            : RunNumber == 0 ? $"drawn with seed {Seed}" : $"drawn with seed {Seed} for run {RunNumber}";
        string title = PaperModels.TitleOf(plan.Network, plan.Classes, OffsetL2Form);
        Terminal.Print($"{title}; {plan.ParameterCount:N0} parameters, {from}");
        PrintHeading(data, executors, options);
    }

    private void PrintEnd(TrainingOutcome outcome, string? divergence, EpochRecord last, double seconds)
    {
        string saved = Out is null ? "nothing was saved" : $"see {Out}";
        if (outcome == TrainingOutcome.Diverged)
        {
            string advice = InputScale == InputScaling.Raw ? "try a smaller --lr, or --input-scale unit" : "try a smaller --lr";
            Terminal.Fail($"the training diverged: {divergence}; {advice}; {saved}");
            return;
        }
        if (outcome == TrainingOutcome.Interrupted)
        {
            Terminal.Tell(
                $"interrupted after epoch {last.Epoch} of {Epochs}; " +
                $"{saved}{(Out is null ? "" : "; the same command with --resume goes on")}");
        }
        else if (!Quiet)
        {
            Terminal.Print(Out is null ? $"{saved}; --out FOLDER keeps the network and its metrics" : $"{saved}: {FilesIn(Out)}");
            if (TensorBoardFolder is not null)
                Terminal.Print($"tensorboard --logdir {TensorBoardFolder} shows the training");
        }

        Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"train {last.TrainAccuracy:0.00} %  test {last.TestAccuracy:0.00} %  loss {LossText.Of(last.Loss)}  " +
                $"{InEpochs(last.Epoch)} in {seconds:0.0} s"));
    }

    /// <summary>The files of a run, without those that only the program reads.</summary>
    private static string FilesIn(string folder)
    {
        IEnumerable<string> names = Directory.GetFiles(folder).Select(path => Path.GetFileName(path));
        return string.Join(", ", names.Where(name => name[0] != '.').Order(StringComparer.Ordinal));
    }

    private int ExitCode(TrainingOutcome outcome) => outcome switch
    {
        TrainingOutcome.Completed => 0,
        TrainingOutcome.Interrupted => Interruption.ExitCode,
        _ => 1,
    };
}
